// Every described message against the service model (tests/golden/make_kinesis_model.py): members, types and rules.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/wire/golden_file.h"
#include "wire/kinesis/shape_types.h"
#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/decrease_stream_retention_period.h"
#include "wire/kinesis/shapes/delete_stream.h"
#include "wire/kinesis/shapes/describe_limits.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/describe_stream_summary.h"
#include "wire/kinesis/shapes/get_records.h"
#include "wire/kinesis/shapes/get_shard_iterator.h"
#include "wire/kinesis/shapes/increase_stream_retention_period.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/list_streams.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {
namespace {

using Json = nlohmann::json;

/// Members of the model that are skipped like unknown ones: reserved, or of features this service does not offer.
const std::set<std::string> kIgnored = {"StreamId", "RecordDistributionStrategy"};

template <class T>
std::string type_name() {
  if constexpr (detail::is_optional<T>)
    return type_name<typename T::value_type>();
  else if constexpr (detail::is_list<T>)
    return "list";
  else if constexpr (detail::is_message<T>)
    return "structure";
  else if constexpr (std::is_same_v<T, std::string>)
    return "string";
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return "integer";
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return "long";
  else if constexpr (std::is_same_v<T, bool>)
    return "boolean";
  else if constexpr (std::is_same_v<T, Buffer>)
    return "blob";
  else if constexpr (std::is_same_v<T, WallTime>)
    return "timestamp";
  else
    return "map";
}

std::string without_anchors(std::string pattern) {
  if (pattern.starts_with("^(") && pattern.ends_with(")$")) return pattern.substr(2, pattern.size() - 4);
  return pattern;
}

void compare_rule(const Rule& rule, const Json& model) {
  EXPECT_EQ(model.value("pattern", "") == "" ? "" : without_anchors(model["pattern"]),
            rule.pattern == nullptr ? "" : rule.pattern->text);
  const Rule none;
  EXPECT_EQ(model.value("max", none.max), rule.max);
  if (model.value("min", std::int64_t{0}) != 0) {
    EXPECT_EQ(model["min"], rule.min);
  }
  std::vector<std::string> values(rule.values.begin(), rule.values.end());
  std::sort(values.begin(), values.end());
  EXPECT_EQ(model.value("values", std::vector<std::string>{}), values);
  if (!model.contains("key")) return;
  EXPECT_EQ(model["key"]["min"], rule.map_key.min);
  EXPECT_EQ(model["key"]["max"], rule.map_key.max);
  EXPECT_EQ(model["value"]["min"], rule.map_value.min);
  EXPECT_EQ(model["value"]["max"], rule.map_value.max);
}

enum class Direction { input, output };

template <class Message>
void compare(const Json& model, Direction direction);

template <class T>
void compare_member(const Rule& rule, const Json& model, Direction direction) {
  EXPECT_EQ(model["type"], type_name<T>());
  // Optional in the newest model only for streams that distribute records themselves.
  if (rule.name != "PartitionKey") {
    EXPECT_EQ(model.value("required", false), rule.required);
  }
  if (direction == Direction::input) compare_rule(rule, model);
  if constexpr (detail::is_optional<T>) {
    using Value = typename T::value_type;
    if constexpr (detail::is_message<Value>) compare<Value>(model, direction);
    if constexpr (detail::is_list<Value>)
      if constexpr (detail::is_message<typename Value::value_type>)
        compare<typename Value::value_type>(model["member"], direction);
  } else {
    if constexpr (detail::is_message<T>) compare<T>(model, direction);
    if constexpr (detail::is_list<T>)
      if constexpr (detail::is_message<typename T::value_type>)
        compare<typename T::value_type>(model["member"], direction);
  }
}

template <class Message>
void compare(const Json& model, Direction direction) {
  SCOPED_TRACE(std::string(Message::kShape));
  std::set<std::string> described;
  Message message;
  Message::describe(message, [&](const Rule& rule, auto& member) {
    SCOPED_TRACE(std::string(rule.name));
    ASSERT_TRUE(described.emplace(rule.name).second) << "described twice";
    ASSERT_TRUE(model["members"].contains(std::string(rule.name))) << "not in the model";
    compare_member<std::remove_cvref_t<decltype(member)>>(rule, model["members"][std::string(rule.name)], direction);
  });
  for (const auto& [name, member] : model["members"].items()) {
    if (kIgnored.contains(name) || described.contains(name)) continue;
    EXPECT_TRUE(direction == Direction::output && !member.value("required", false)) << name << " is not described";
  }
}

template <class Request>
void compare_call(const Json& model, const char* call) {
  SCOPED_TRACE(call);
  ASSERT_TRUE(model["calls"].contains(call));
  compare<Request>(model["calls"][call]["input"], Direction::input);
  EXPECT_TRUE(model["calls"][call]["output"].empty());
}

template <class Request, class Response>
void compare_call(const Json& model, const char* call) {
  SCOPED_TRACE(call);
  ASSERT_TRUE(model["calls"].contains(call));
  compare<Request>(model["calls"][call]["input"], Direction::input);
  compare<Response>(model["calls"][call]["output"], Direction::output);
}

TEST(KinesisModel, DescriptionsMatchTheServiceModel) {
  const Json model = Json::parse(test::golden_text("kinesis/model.json"));
  compare_call<CreateStreamRequest>(model, "CreateStream");
  compare_call<DeleteStreamRequest>(model, "DeleteStream");
  compare_call<DescribeStreamRequest, DescribeStreamResponse>(model, "DescribeStream");
  compare_call<DescribeStreamSummaryRequest, DescribeStreamSummaryResponse>(model, "DescribeStreamSummary");
  compare_call<ListStreamsRequest, ListStreamsResponse>(model, "ListStreams");
  compare_call<ListShardsRequest, ListShardsResponse>(model, "ListShards");
  compare_call<PutRecordRequest, PutRecordResponse>(model, "PutRecord");
  compare_call<PutRecordsRequest, PutRecordsResponse>(model, "PutRecords");
  compare_call<GetShardIteratorRequest, GetShardIteratorResponse>(model, "GetShardIterator");
  compare_call<GetRecordsRequest, GetRecordsResponse>(model, "GetRecords");
  compare_call<DescribeLimitsRequest, DescribeLimitsResponse>(model, "DescribeLimits");
  compare_call<IncreaseStreamRetentionPeriodRequest>(model, "IncreaseStreamRetentionPeriod");
  compare_call<DecreaseStreamRetentionPeriodRequest>(model, "DecreaseStreamRetentionPeriod");
}

}  // namespace
}  // namespace forebay::wire::kinesis
