#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct StreamFilter {
  static constexpr std::string_view kShape = "StreamFilter";
  std::optional<std::string> stream_arn;
  std::optional<WallTime> stream_creation_timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn.as_required(), self.stream_arn);
    visit(Rule{.name = "StreamCreationTimestamp"}, self.stream_creation_timestamp);
  }
  friend bool operator==(const StreamFilter&, const StreamFilter&) = default;
};

struct ListChannelsRequest {
  static constexpr std::string_view kShape = "ListChannelsRequest";
  std::optional<std::vector<StreamFilter>> stream_filter;
  std::optional<std::int32_t> max_results;
  std::optional<std::string> next_token;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamFilter", .min = 1, .max = 10'000}, self.stream_filter);
    visit(rules::kLimit.named("MaxResults"), self.max_results);
    visit(rules::kNextToken, self.next_token);
  }
  friend bool operator==(const ListChannelsRequest&, const ListChannelsRequest&) = default;
};

struct ChannelStreamIdentifier {
  static constexpr std::string_view kShape = "ChannelStreamIdentifier";
  std::string stream_arn;
  WallTime stream_creation_timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StreamARN", .required = true}, self.stream_arn);
    visit(Rule{.name = "StreamCreationTimestamp", .required = true}, self.stream_creation_timestamp);
  }
  friend bool operator==(const ChannelStreamIdentifier&, const ChannelStreamIdentifier&) = default;
};

struct ChannelSummary {
  static constexpr std::string_view kShape = "ChannelSummary";
  std::string channel_name;
  std::string channel_arn;
  std::string channel_id;
  std::string channel_status;
  std::optional<std::string> channel_status_reason;
  WallTime channel_creation_timestamp;
  std::string channel_destination_type;  ///< S3 or S3_TABLES
  std::vector<ChannelStreamIdentifier> streams;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ChannelName", .required = true}, self.channel_name);
    visit(Rule{.name = "ChannelARN", .required = true}, self.channel_arn);
    visit(Rule{.name = "ChannelId", .required = true}, self.channel_id);
    visit(Rule{.name = "ChannelStatus", .required = true}, self.channel_status);
    visit(Rule{.name = "ChannelStatusReason"}, self.channel_status_reason);
    visit(Rule{.name = "ChannelCreationTimestamp", .required = true}, self.channel_creation_timestamp);
    visit(Rule{.name = "ChannelDestinationType", .required = true}, self.channel_destination_type);
    visit(Rule{.name = "Streams", .required = true}, self.streams);
  }
  friend bool operator==(const ChannelSummary&, const ChannelSummary&) = default;
};

struct ListChannelsResponse {
  static constexpr std::string_view kShape = "ListChannelsResponse";
  std::vector<ChannelSummary> channel_summaries;
  std::optional<std::string> next_token;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ChannelSummaries", .required = true}, self.channel_summaries);
    visit(Rule{.name = "NextToken"}, self.next_token);
  }
  friend bool operator==(const ListChannelsResponse&, const ListChannelsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
