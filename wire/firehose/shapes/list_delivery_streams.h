#pragma once

#include "wire/firehose/rules.h"

namespace forebay::wire::firehose {

struct ListDeliveryStreamsRequest {
  static constexpr std::string_view kShape = "ListDeliveryStreamsInput";
  std::optional<std::int32_t> limit;
  std::optional<std::string> type;
  std::optional<std::string> exclusive_start;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    Rule start = rules::kName.named("ExclusiveStartDeliveryStreamName");
    start.required = false;
    visit(Rule{.name = "Limit", .min = 1, .max = 10'000}, self.limit);
    visit(rules::kType, self.type);
    visit(start, self.exclusive_start);
  }
  friend bool operator==(const ListDeliveryStreamsRequest&, const ListDeliveryStreamsRequest&) = default;
};

struct ListDeliveryStreamsResponse {
  static constexpr std::string_view kShape = "ListDeliveryStreamsOutput";
  std::vector<std::string> names;
  bool has_more = false;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DeliveryStreamNames", .required = true}, self.names);
    visit(Rule{.name = "HasMoreDeliveryStreams", .required = true}, self.has_more);
  }
  friend bool operator==(const ListDeliveryStreamsResponse&, const ListDeliveryStreamsResponse&) = default;
};

}  // namespace forebay::wire::firehose
