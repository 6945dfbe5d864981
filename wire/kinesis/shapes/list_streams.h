#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/stream_description.h"

namespace forebay::wire::kinesis {

struct ListStreamsRequest {
  static constexpr std::string_view kShape = "ListStreamsRequest";
  std::optional<std::int32_t> limit;
  std::optional<std::string> exclusive_start_stream_name;
  std::optional<std::string> next_token;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kLimit, self.limit);
    visit(rules::kStreamName.named("ExclusiveStartStreamName"), self.exclusive_start_stream_name);
    visit(rules::kNextToken, self.next_token);
  }
  friend bool operator==(const ListStreamsRequest&, const ListStreamsRequest&) = default;
};

struct ListStreamsResponse {
  static constexpr std::string_view kShape = "ListStreamsResponse";
  std::vector<std::string> stream_names;
  bool has_more_streams = false;
  std::optional<std::string> next_token;
  std::vector<StreamSummary> stream_summaries;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamNames", .required = true}, self.stream_names);
    visit(Rule{.name = "HasMoreStreams", .required = true}, self.has_more_streams);
    visit(rules::kNextToken, self.next_token);
    visit(Rule{.name = "StreamSummaries"}, self.stream_summaries);
  }
  friend bool operator==(const ListStreamsResponse&, const ListStreamsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
