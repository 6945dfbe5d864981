#include "wire/kinesis/get_records_cbor.h"

#include "wire/kinesis/cbor_encode.h"

namespace forebay::wire::kinesis {
namespace {

// Names of members with their heads: the letter before a name is 0x60 plus its length, up to 23.
constexpr std::string_view kStart = "\xbfgRecords\x9f";
constexpr std::string_view kSequenceNumber = "\xbfnSequenceNumber\x78?";  // and the head of its value
constexpr std::string_view kArrival =
    "\x78\x1b"
    "ApproximateArrivalTimestamp";
constexpr std::string_view kData = "dData";
constexpr std::string_view kPartitionKey = "lPartitionKey";
constexpr std::string_view kEncryptionType = "nEncryptionTypecKMS";

}  // namespace

GetRecordsCbor::GetRecordsCbor(std::string& out) : out_(out) { out_ += kStart; }

void GetRecordsCbor::add(const SequenceNumber& sequence_number, WallTime arrival, std::string_view partition_key,
                         ByteView data, bool encrypted) {
  out_ += kSequenceNumber;
  // A number has 56 or 57 digits, so its length is the second byte of its head.
  const std::size_t digits = out_.size();
  append_decimal(sequence_number, out_);
  out_[digits - 1] = static_cast<char>(out_.size() - digits);
  out_ += kArrival;
  append_cbor_timestamp(out_, arrival);
  out_ += kData;
  append_cbor_bytes(out_, data);
  out_ += kPartitionKey;
  append_cbor_text(out_, partition_key);
  if (encrypted) out_ += kEncryptionType;
  out_ += kCborBreak;
  ++count_;
}

void GetRecordsCbor::finish(const GetRecordsResponse& rest) {
  // The members after Records are written by the description; its own empty list is cut off in front.
  GetRecordsResponse members = rest;
  members.records.clear();
  const std::string tail = to_cbor(members);
  out_.append(tail, kStart.size());
}

}  // namespace forebay::wire::kinesis
