#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/consumer.h"

namespace forebay::wire::kinesis {

struct ListStreamConsumersRequest {
  static constexpr std::string_view kShape = "ListStreamConsumersRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::string> next_token;
  std::optional<std::int32_t> max_results;
  std::optional<WallTime> stream_creation_timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(rules::kNextToken, self.next_token);
    visit(rules::kLimit.named("MaxResults"), self.max_results);
    visit(Rule{.name = "StreamCreationTimestamp"}, self.stream_creation_timestamp);
  }
  friend bool operator==(const ListStreamConsumersRequest&, const ListStreamConsumersRequest&) = default;
};

struct ListStreamConsumersResponse {
  static constexpr std::string_view kShape = "ListStreamConsumersResponse";
  std::vector<Consumer> consumers;
  std::optional<std::string> next_token;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Consumers"}, self.consumers);
    visit(Rule{.name = "NextToken"}, self.next_token);
  }
  friend bool operator==(const ListStreamConsumersResponse&, const ListStreamConsumersResponse&) = default;
};

}  // namespace forebay::wire::kinesis
