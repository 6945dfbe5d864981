// Any bytes as the CBOR body of every call: what is read survives being written, and the decoder without copies agrees
// with the general one to the letter.
#include "tests/fuzz/described_requests.h"
#include "wire/kinesis/cbor_put_decoder.h"

namespace forebay::fuzz {

void cbor(ByteView input) {
  using namespace wire::kinesis;
  test::for_each_described_call([&](auto call) {
    typename decltype(call)::Request message;
    if (decode_cbor(input, message)) return;
    (void)validate(message);
    check_round_trips(message);
  });
  CborPutDecoder decoder;
  auto fault = decoder.decode_put_record(input);
  require(words_of(decoder.view(), fault) == words_of(decode_cbor_request<PutRecordRequest>(input)),
          "both decoders of PutRecord agree");
  fault = decoder.decode_put_records(input);
  require(words_of(decoder.view(), fault) == words_of(decode_cbor_request<PutRecordsRequest>(input)),
          "both decoders of PutRecords agree");
}

}  // namespace forebay::fuzz
