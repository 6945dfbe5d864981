#include "wire/kinesis/get_records_json.h"

#include "base/base64.h"
#include "wire/kinesis/json_encode.h"

namespace forebay::wire::kinesis {

GetRecordsJson::GetRecordsJson(std::string& out) : out_(out) { out_ += "{\"Records\":["; }

void GetRecordsJson::add(const SequenceNumber& sequence_number, WallTime arrival, std::string_view partition_key,
                         ByteView data, bool encrypted) {
  out_ += count_ == 0 ? "{\"SequenceNumber\":\"" : ",{\"SequenceNumber\":\"";
  append_decimal(sequence_number, out_);
  out_ += "\",\"ApproximateArrivalTimestamp\":";
  append_json_timestamp(out_, arrival);
  out_ += ",\"Data\":\"";
  append_base64(out_, data);
  out_ += "\",\"PartitionKey\":";
  append_json_string(out_, partition_key);
  if (encrypted) out_ += ",\"EncryptionType\":\"KMS\"";
  out_ += '}';
  ++count_;
}

template <class Answer>
void GetRecordsJson::finish_with(const Answer& rest) {
  // The members after Records are written by the description; its own empty list is cut off in front.
  constexpr std::string_view kEmpty = "{\"Records\":[]";
  Answer members = rest;
  members.records.clear();
  const std::string tail = to_json(members);
  out_ += ']';
  out_.append(tail, kEmpty.size());
}

void GetRecordsJson::finish(const GetRecordsResponse& rest) { finish_with(rest); }
void GetRecordsJson::finish(const SubscribeToShardEvent& rest) { finish_with(rest); }

}  // namespace forebay::wire::kinesis
