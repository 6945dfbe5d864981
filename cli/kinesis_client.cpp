#include "cli/kinesis_client.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "cli/json_member.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;
using Repeat = KinesisTransport::Repeat;

std::int64_t integer_of(const Json& object, const char* name) {
  if (!object.is_object()) return 0;
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<std::int64_t>() : 0;
}

/// Fractional seconds since 1970.
WallTime time_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return {};
  return from_millis(std::llround(found->get<double>() * 1000.0));
}

std::string base64_of(ByteView data) { return to_base64(data); }

ShardInfo shard_of(const Json& shard) {
  const Json& hash = json_member(shard, "HashKeyRange");
  const Json& sequence = json_member(shard, "SequenceNumberRange");
  return {json_text(shard, "ShardId"),
          json_text(shard, "ParentShardId"),
          json_text(hash, "StartingHashKey"),
          json_text(hash, "EndingHashKey"),
          json_text(sequence, "StartingSequenceNumber"),
          !json_text(sequence, "EndingSequenceNumber").empty()};
}

Error malformed(const char* operation, const char* what) {
  return Error{Errc::corrupt, std::string(operation) + ": the answer of the gateway has no " + what};
}

}  // namespace

Result<void> KinesisClient::create_stream(const std::string& name, std::int64_t shards) {
  const Json body{{"StreamName", name}, {"ShardCount", shards}};
  FB_CHECK(transport_.call("CreateStream", body, Repeat::if_refused));
  return {};
}

Result<void> KinesisClient::delete_stream(const std::string& name) {
  const Json body{{"StreamName", name}, {"EnforceConsumerDeletion", true}};
  FB_CHECK(transport_.call("DeleteStream", body, Repeat::if_refused));
  return {};
}

Result<void> KinesisClient::set_retention(const std::string& name, std::int64_t hours, std::int64_t present_hours) {
  if (hours == present_hours) return {};
  const char* operation = hours > present_hours ? "IncreaseStreamRetentionPeriod" : "DecreaseStreamRetentionPeriod";
  const Json body{{"StreamName", name}, {"RetentionPeriodHours", hours}};
  FB_CHECK(transport_.call(operation, body, Repeat::if_refused));
  return {};
}

Result<StreamSummary> KinesisClient::describe(const std::string& name) {
  FB_TRY(const Json answer, transport_.call("DescribeStreamSummary", Json{{"StreamName", name}}, Repeat::always));
  const Json& summary = json_member(answer, "StreamDescriptionSummary");
  if (!summary.is_object()) return malformed("DescribeStreamSummary", "StreamDescriptionSummary");
  StreamSummary out;
  out.name = json_text(summary, "StreamName");
  out.arn = json_text(summary, "StreamARN");
  out.status = json_text(summary, "StreamStatus");
  out.mode = json_text(json_member(summary, "StreamModeDetails"), "StreamMode");
  out.created = time_of(summary, "StreamCreationTimestamp");
  out.retention_hours = integer_of(summary, "RetentionPeriodHours");
  out.open_shards = integer_of(summary, "OpenShardCount");
  return out;
}

Result<std::vector<std::string>> KinesisClient::list_streams() {
  constexpr int kPagesMax = 1000;
  std::vector<std::string> out;
  Json body = Json::object();
  for (int page = 0; page < kPagesMax; ++page) {
    FB_TRY(const Json answer, transport_.call("ListStreams", body, Repeat::always));
    for (const Json& name : json_member(answer, "StreamNames"))
      if (name.is_string()) out.push_back(name.get<std::string>());
    const Json& more = json_member(answer, "HasMoreStreams");
    if (!more.is_boolean() || !more.get<bool>() || out.empty()) break;
    body["ExclusiveStartStreamName"] = out.back();
  }
  return out;
}

Result<std::vector<ShardInfo>> KinesisClient::list_shards(const std::string& name) {
  constexpr int kPagesMax = 1000;
  std::vector<ShardInfo> out;
  Json body{{"StreamName", name}};
  for (int page = 0; page < kPagesMax; ++page) {
    FB_TRY(const Json answer, transport_.call("ListShards", body, Repeat::always));
    for (const Json& shard : json_member(answer, "Shards")) out.push_back(shard_of(shard));
    const std::string next = json_text(answer, "NextToken");
    if (next.empty()) break;
    body = Json{{"NextToken", next}};
  }
  return out;
}

Result<std::vector<PutOutcome>> KinesisClient::put_records(const std::string& stream,
                                                           std::span<const OutgoingRecord> records) {
  Json list = Json::array();
  for (const OutgoingRecord& record : records)
    list.push_back(Json{{"Data", base64_of(record.data)}, {"PartitionKey", record.key}});
  const Json body{{"StreamName", stream}, {"Records", std::move(list)}};
  FB_TRY(const Json answer, transport_.call("PutRecords", body, Repeat::if_refused));
  const Json& results = json_member(answer, "Records");
  if (!results.is_array() || results.size() != records.size())
    return malformed("PutRecords", "outcome for each record");
  std::vector<PutOutcome> out;
  for (const Json& result : results) {
    std::string error = json_text(result, "ErrorCode");
    if (!error.empty()) error += ": " + json_text(result, "ErrorMessage");
    out.push_back({json_text(result, "ShardId"), json_text(result, "SequenceNumber"), std::move(error)});
  }
  return out;
}

Result<std::string> KinesisClient::iterator(const std::string& stream, const std::string& shard,
                                            const StartPoint& from) {
  Json body{{"StreamName", stream}, {"ShardId", shard}};
  switch (from.kind) {
    case StartPoint::Kind::start: body["ShardIteratorType"] = "TRIM_HORIZON"; break;
    case StartPoint::Kind::latest: body["ShardIteratorType"] = "LATEST"; break;
    case StartPoint::Kind::time:
      body["ShardIteratorType"] = "AT_TIMESTAMP";
      body["Timestamp"] = static_cast<double>(to_millis(from.time)) / 1000.0;
      break;
  }
  FB_TRY(const Json answer, transport_.call("GetShardIterator", body, Repeat::always));
  std::string out = json_text(answer, "ShardIterator");
  if (out.empty()) return malformed("GetShardIterator", "ShardIterator");
  return out;
}

Result<std::string> KinesisClient::iterator_after(const std::string& stream, const std::string& shard,
                                                  const std::string& sequence_number) {
  const Json body{{"StreamName", stream},
                  {"ShardId", shard},
                  {"ShardIteratorType", "AFTER_SEQUENCE_NUMBER"},
                  {"StartingSequenceNumber", sequence_number}};
  FB_TRY(const Json answer, transport_.call("GetShardIterator", body, Repeat::always));
  std::string out = json_text(answer, "ShardIterator");
  if (out.empty()) return malformed("GetShardIterator", "ShardIterator");
  return out;
}

Result<RecordsPage> KinesisClient::get_records(const std::string& shard, const std::string& iterator,
                                               std::int64_t limit) {
  const Json body{{"ShardIterator", iterator}, {"Limit", limit}};
  FB_TRY(const Json answer, transport_.call("GetRecords", body, Repeat::always));
  const Json& records = json_member(answer, "Records");
  if (!records.is_array()) return malformed("GetRecords", "Records");
  RecordsPage out;
  for (const Json& record : records) {
    ReadRecord read;
    read.shard = shard;
    read.sequence_number = json_text(record, "SequenceNumber");
    read.key = json_text(record, "PartitionKey");
    read.arrival = time_of(record, "ApproximateArrivalTimestamp");
    if (!from_base64(json_text(record, "Data"), read.data)) return malformed("GetRecords", "valid base64 in Data");
    out.records.push_back(std::move(read));
  }
  if (std::string next = json_text(answer, "NextShardIterator"); !next.empty()) out.next = std::move(next);
  for (const Json& child : json_member(answer, "ChildShards")) out.children.push_back(json_text(child, "ShardId"));
  out.behind = Milliseconds(integer_of(answer, "MillisBehindLatest"));
  return out;
}

}  // namespace forebay::cli
