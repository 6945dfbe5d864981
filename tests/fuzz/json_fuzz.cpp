// Any bytes as the JSON body of every call: what is read survives being written, and the fast decoder of the two calls
// that carry data agrees with the general one to the letter.
#include "tests/fuzz/described_requests.h"
#include "wire/kinesis/put_decoder.h"

namespace forebay::fuzz {

void json(ByteView input) {
  using namespace wire::kinesis;
  const std::string_view body = as_text(input);
  test::for_each_described_call([&](auto call) {
    typename decltype(call)::Request message;
    if (decode_json(body, message)) return;
    (void)validate(message);
    check_round_trips(message);
  });
  PutDecoder decoder;
  auto fault = decoder.decode_put_record(body);
  require(words_of(decoder.view(), fault) == words_of(decode_request<PutRecordRequest>(body)),
          "both decoders of PutRecord agree");
  fault = decoder.decode_put_records(body);
  require(words_of(decoder.view(), fault) == words_of(decode_request<PutRecordsRequest>(body)),
          "both decoders of PutRecords agree");
}

}  // namespace forebay::fuzz
