#include "gateway/delivery/sinks/function_event.h"

#include "base/base64.h"
#include "gateway/delivery/sinks/sequence_text.h"
#include "wire/kinesis/arn.h"
#include "wire/kinesis/json_text.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::append_json_string;

// Member names, shard id and two sequence numbers.
constexpr std::size_t kFrameBytes = 480;
// A character of a key may become \u0000.
constexpr std::size_t kEscapedBytes = 6;

/// What is the same for all records of one event.
struct Texts {
  std::string stream_arn;
  std::string role_arn;
  std::string shard_id;
};

void append_record(const SourceShard& source, const Texts& texts, const DeliveryRecord& record,
                   const std::string& number, std::string& out) {
  out += R"({"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":)";
  append_json_string(out, record.partition_key);
  out.append(R"(,"sequenceNumber":")").append(number).append(R"(","data":")");
  append_base64(out, record.data);
  out += R"(","approximateArrivalTimestamp":)";
  wire::kinesis::append_json_timestamp(out, record.arrival);
  out.append(R"(},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":")").append(texts.shard_id);
  out.append(":").append(number).append(R"(","eventName":"aws:kinesis:record","invokeIdentityArn":)");
  append_json_string(out, texts.role_arn);
  out += R"(,"awsRegion":)";
  append_json_string(out, source.region);
  out += R"(,"eventSourceARN":)";
  append_json_string(out, texts.stream_arn);
  out += '}';
}

}  // namespace

std::size_t event_bytes(const SourceShard& source, const DeliveryRecord& record) {
  return kFrameBytes + (record.data.size() + 2) / 3 * 4 + record.partition_key.size() * kEscapedBytes +
         source.stream.size() + source.delivery.size() + 2 * (source.region.size() + source.account.size());
}

FunctionEvent make_function_event(const SourceShard& source, std::span<const DeliveryRecord* const> records) {
  const Texts texts{to_string(wire::kinesis::StreamArn{source.region, source.account, source.stream}),
                    "arn:aws:iam::" + source.account + ":role/" + source.delivery,
                    wire::kinesis::to_shard_id(source.shard.value())};
  FunctionEvent event;
  std::size_t size = 16;
  for (const DeliveryRecord* record : records) size += event_bytes(source, *record);
  event.json.reserve(size);
  event.json = R"({"Records":[)";
  for (const DeliveryRecord* record : records) {
    if (record != records.front()) event.json += ',';
    event.sequence_numbers.push_back(sequence_text(source, *record));
    append_record(source, texts, *record, event.sequence_numbers.back(), event.json);
  }
  event.json += "]}";
  return event;
}

}  // namespace forebay::gateway::delivery
