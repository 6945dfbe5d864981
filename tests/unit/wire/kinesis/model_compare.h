#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "wire/kinesis/shape_types.h"

/// Descriptions held against the service's own model (tests/golden/make_kinesis_model.py): members, types and rules.
namespace forebay::wire::kinesis::test {

using Json = nlohmann::json;

/// Members of the model that requests may leave undescribed, so that they are skipped like unknown ones: reserved, or
/// of features this service does not offer.
inline const std::set<std::string> kIgnored = {"StreamId", "RecordDistributionStrategy"};
/// Values of enums that are this service's own.
inline const std::set<std::string_view> kOwnValues = {"ZSTD"};
/// Members whose pattern, or that of their elements, is not checked: addresses of every kind of sink, keys of tags that
/// cannot exist, forms that are refused.
inline const std::set<std::string_view> kFreeTexts = {"Url", "TagKeys", "TimestampFormats"};

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

inline std::string without_anchors(std::string pattern) {
  if (pattern.starts_with("^(") && pattern.ends_with(")$")) return pattern.substr(2, pattern.size() - 4);
  return pattern;
}

/// Values of the rule in order; those of this service's own only when the model has them too.
inline std::vector<std::string> sorted(std::span<const std::string_view> values, const std::vector<std::string>& model) {
  std::vector<std::string> out;
  for (const std::string_view value : values)
    if (!kOwnValues.contains(value) || std::find(model.begin(), model.end(), value) != model.end())
      out.emplace_back(value);
  std::sort(out.begin(), out.end());
  return out;
}

/// What a rule says about the elements of a list: a structure has rules of its own.
inline void compare_elements(const Rule& rule, const Json& element) {
  const auto element_values = element.value("values", std::vector<std::string>{});
  EXPECT_EQ(element_values, sorted(rule.values, element_values));
  if (element["type"] != "string") return;
  if (!kFreeTexts.contains(rule.name)) {
    EXPECT_EQ(element.value("pattern", ""), "") << "not checked";
  }
  EXPECT_EQ(element.value("min", LengthRange{}.min), rule.element.min);
  EXPECT_EQ(element.value("max", LengthRange{}.max), rule.element.max);
}

inline void compare_rule(const Rule& rule, const Json& model) {
  if (!kFreeTexts.contains(rule.name)) {
    EXPECT_EQ(model.value("pattern", "") == "" ? "" : without_anchors(model["pattern"]),
              rule.pattern == nullptr ? "" : rule.pattern->text);
  }
  const Rule none;
  EXPECT_EQ(model.value("max", none.max), rule.max);
  if (model.value("min", std::int64_t{0}) != 0) {
    EXPECT_EQ(model["min"], rule.min);
  }
  if (model["type"] == "list") compare_elements(rule, model["member"]);
  const auto model_values = model.value("values", std::vector<std::string>{});
  if (model["type"] != "list") {
    EXPECT_EQ(model_values, sorted(rule.values, model_values));
  }
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

}  // namespace forebay::wire::kinesis::test
