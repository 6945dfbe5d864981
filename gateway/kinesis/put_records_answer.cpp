#include "gateway/kinesis/put_records_answer.h"

#include "wire/kinesis/cbor_text.h"
#include "wire/kinesis/json_text.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::append_cbor_text;
using wire::kinesis::append_json_string;

namespace {
// Names of members with their heads: the letter before a name is 0x60 plus its length.
constexpr std::string_view kCborFailedCount = "\xbfqFailedRecordCount";
constexpr std::string_view kCborRecords = "gRecords\x9f";
constexpr std::string_view kCborSequenceNumber = "\xbfnSequenceNumber";
constexpr std::string_view kCborShardId = "gShardId";
constexpr std::string_view kCborErrorCode = "\xbfiErrorCode";
constexpr std::string_view kCborErrorMessage = "lErrorMessage";
}  // namespace

PutRecordsAnswer::PutRecordsAnswer(Encoding encoding, std::size_t failed, std::string& out)
    : cbor_(encoding == Encoding::cbor), out_(out) {
  if (cbor_) {
    out_.append(kCborFailedCount);
    wire::kinesis::append_cbor_integer(out_, static_cast<std::int64_t>(failed));
    out_.append(kCborRecords);
    return;
  }
  // Fluent Bit looks for these very bytes with a 0 behind them.
  out_.append("{\"FailedRecordCount\":").append(std::to_string(failed)).append(",\"Records\":[");
}

void PutRecordsAnswer::stored(std::string_view sequence_number, std::string_view shard_id) {
  if (cbor_) {
    out_.append(kCborSequenceNumber);
    append_cbor_text(out_, sequence_number);
    out_.append(kCborShardId);
    append_cbor_text(out_, shard_id);
    out_ += wire::kinesis::kCborBreak;
    return;
  }
  out_.append(first_ ? "{\"SequenceNumber\":\"" : ",{\"SequenceNumber\":\"").append(sequence_number);
  out_.append("\",\"ShardId\":\"").append(shard_id).append("\"}");
  first_ = false;
}

void PutRecordsAnswer::refused(std::string_view error_code, std::string_view error_message) {
  if (cbor_) {
    out_.append(kCborErrorCode);
    append_cbor_text(out_, error_code);
    out_.append(kCborErrorMessage);
    append_cbor_text(out_, error_message);
    out_ += wire::kinesis::kCborBreak;
    return;
  }
  out_.append(first_ ? "{\"ErrorCode\":\"" : ",{\"ErrorCode\":\"").append(error_code).append("\",\"ErrorMessage\":");
  append_json_string(out_, error_message);
  out_ += '}';
  first_ = false;
}

void PutRecordsAnswer::finish(std::string_view encryption_type) {
  if (cbor_) {
    out_ += wire::kinesis::kCborBreak;
    if (!encryption_type.empty()) {
      append_cbor_text(out_, "EncryptionType");
      append_cbor_text(out_, encryption_type);
    }
    out_ += wire::kinesis::kCborBreak;
    return;
  }
  out_ += ']';
  if (!encryption_type.empty()) out_.append(",\"EncryptionType\":\"").append(encryption_type).append("\"");
  out_ += '}';
}

}  // namespace forebay::gateway::kinesis
