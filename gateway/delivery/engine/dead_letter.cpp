#include "gateway/delivery/engine/dead_letter.h"

#include "base/base64.h"
#include "gateway/delivery/engine/object_plan.h"
#include "gateway/delivery/objects/object_names.h"
#include "gateway/delivery/sinks/sequence_text.h"
#include "wire/kinesis/json_text.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::append_integer;
using wire::kinesis::append_json_string;

void append_line(std::string& out, const SourceShard& source, const DeadRecord& dead, WallTime made) {
  out += "{\"attemptsMade\":";
  append_integer(out, dead.attempts);
  out += ",\"arrivalTimestamp\":";
  append_integer(out, to_millis(dead.record.arrival));
  out += ",\"errorCode\":";
  append_json_string(out, dead.code);
  out += ",\"errorMessage\":";
  append_json_string(out, dead.message);
  out += ",\"attemptEndingTimestamp\":";
  append_integer(out, to_millis(made));
  out += ",\"shardId\":";
  append_json_string(out, wire::kinesis::to_shard_id(source.shard.value()));
  out += ",\"sequenceNumber\":";
  append_json_string(out, sequence_text(source, dead.record));
  out += ",\"subsequenceNumber\":";
  append_integer(out, dead.record.sub_sequence);
  out += ",\"partitionKey\":";
  append_json_string(out, dead.record.partition_key);
  out += ",\"rawData\":\"";
  append_base64(out, dead.record.data);
  out += "\"}\n";
}

Result<ObjectNames> names_of(const RecordDestination& destination) {
  return ObjectNames::make(error_names(destination.dead_letters.objects), {}, "");
}

Result<DeadLetterRow> make_row(const RecordDestination& destination, const Cut& cut, std::string_view type,
                               const std::string& body) {
  FB_TRY(const ObjectNames names, names_of(destination));
  DeadLetterRow row;
  row.bucket = destination.dead_letters.objects.bucket;
  row.key = names.error_name(cut, cut.oldest, type).key;
  row.body = to_buffer(as_bytes(body));
  return row;
}

}  // namespace

Result<void> check_dead_letters(const RecordDestination& destination) {
  FB_CHECK(names_of(destination));
  return {};
}

std::string_view error_type_of(const RecordDestination& destination) {
  struct Name {
    std::string_view operator()(const HttpDestination&) const { return "http-endpoint-failed"; }
    std::string_view operator()(const FunctionDestination&) const { return "function-failed"; }
    std::string_view operator()(const MqttDestination&) const { return "mqtt-failed"; }
    std::string_view operator()(const KinesisDestination&) const { return "kinesis-failed"; }
    std::string_view operator()(const KafkaDestination&) const { return "kafka-failed"; }
  };
  return std::visit(Name(), destination.sink);
}

Result<DeadLetterRow> make_dead_letters(const RecordDestination& destination, const SourceShard& source,
                                        std::uint64_t version, std::string_view track,
                                        std::span<const DeadRecord> records, WallTime made) {
  Cut cut;
  cut.source = source;
  cut.version = version;
  cut.replay = track;
  cut.first = records.front().record.offset;
  cut.last = records.back().record.offset;
  cut.oldest = records.front().record.arrival;
  cut.index = static_cast<std::uint64_t>(to_millis(made));
  std::string body;
  for (const DeadRecord& dead : records) append_line(body, source, dead, made);
  return make_row(destination, cut, error_type_of(destination), body);
}

Result<DeadLetterRow> make_loss_letter(const RecordDestination& destination, const Cut& cut,
                                       const std::string& reason) {
  return make_row(destination, cut, kLossErrorType, loss_line(cut, reason));
}

}  // namespace forebay::gateway::delivery
