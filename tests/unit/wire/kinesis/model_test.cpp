// Every described message against the service model (tests/golden/make_kinesis_model.py): members, types and rules.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/wire/golden_file.h"
#include "tests/unit/wire/kinesis/described_calls.h"
#include "wire/kinesis/error_type.h"
#include "wire/kinesis/shape_types.h"

namespace forebay::wire::kinesis {
namespace {

using Json = nlohmann::json;

/// Members of the model that requests may leave undescribed, so that they are skipped like unknown ones: reserved, or
/// of features this service does not offer.
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

std::vector<std::string> sorted(std::span<const std::string_view> values) {
  std::vector<std::string> out(values.begin(), values.end());
  std::sort(out.begin(), out.end());
  return out;
}

/// What a rule says about the elements of a list: a structure has rules of its own.
void compare_elements(const Rule& rule, const Json& element) {
  EXPECT_EQ(element.value("values", std::vector<std::string>{}), sorted(rule.values));
  if (element["type"] != "string") return;
  EXPECT_EQ(element.value("pattern", ""), "") << "not checked";
  EXPECT_EQ(element.value("min", LengthRange{}.min), rule.element.min);
  EXPECT_EQ(element.value("max", LengthRange{}.max), rule.element.max);
}

void compare_rule(const Rule& rule, const Json& model) {
  EXPECT_EQ(model.value("pattern", "") == "" ? "" : without_anchors(model["pattern"]),
            rule.pattern == nullptr ? "" : rule.pattern->text);
  const Rule none;
  EXPECT_EQ(model.value("max", none.max), rule.max);
  if (model.value("min", std::int64_t{0}) != 0) {
    EXPECT_EQ(model["min"], rule.min);
  }
  if (model["type"] == "list")
    compare_elements(rule, model["member"]);
  else
    EXPECT_EQ(model.value("values", std::vector<std::string>{}), sorted(rule.values));
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

/// The structure that a call answers with; of an event stream, its event.
const Json& answer_of(const Json& call) {
  const Json& output = call["output"];
  if (output.empty() || !output["members"].contains("EventStream")) return output;
  return output["members"]["EventStream"]["members"]["SubscribeToShardEvent"];
}

TEST(KinesisModel, DescriptionsMatchTheServiceModel) {
  const Json model = Json::parse(forebay::test::golden_text("kinesis/model.json"));
  std::set<std::string> described;
  test::for_each_described_call([&](auto call) {
    using Call = decltype(call);
    SCOPED_TRACE(call.name);
    ASSERT_TRUE(model["calls"].contains(call.name)) << "not in the model";
    ASSERT_TRUE(described.emplace(call.name).second) << "listed twice";
    const Json& expected = model["calls"][call.name];
    compare<typename Call::Request>(expected["input"], Direction::input);
    EXPECT_EQ(answer_of(expected).empty(), !Call::kHasResponse);
    if constexpr (Call::kHasResponse) compare<typename Call::Response>(answer_of(expected), Direction::output);
  });
  for (const auto& [name, call] : model["calls"].items()) EXPECT_TRUE(described.contains(name)) << name;
}

TEST(KinesisModel, EveryModelledErrorHasItsRow) {
  const Json model = Json::parse(forebay::test::golden_text("kinesis/model.json"));
  std::set<std::string> names;
  for (const auto& [call, description] : model["calls"].items())
    for (const std::string error : description["errors"]) names.insert(error);
  EXPECT_GT(names.size(), 15u);
  for (const std::string& name : names) {
    // Answers carry the shorter name that the service has on the wire.
    const auto type = error_type_from_name(name == "InternalFailureException" ? "InternalFailure" : name);
    ASSERT_TRUE(type) << name;
    EXPECT_EQ(row_of(*type).http_status, name == "InternalFailureException" ? 500 : 400) << name;
  }
}

}  // namespace
}  // namespace forebay::wire::kinesis
