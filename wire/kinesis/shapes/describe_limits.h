#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct DescribeLimitsRequest {
  static constexpr std::string_view kShape = "DescribeLimitsRequest";

  template <class Self, class Visitor>
  static void describe(Self&, Visitor&&) {}
  friend bool operator==(const DescribeLimitsRequest&, const DescribeLimitsRequest&) = default;
};

struct DescribeLimitsResponse {
  static constexpr std::string_view kShape = "DescribeLimitsResponse";
  std::int32_t shard_limit = 0;
  std::int32_t open_shard_count = 0;
  std::int32_t on_demand_stream_count = 0;
  std::int32_t on_demand_stream_count_limit = 0;
  std::optional<std::int32_t> channel_count = std::nullopt;
  std::optional<std::int32_t> channel_count_limit = std::nullopt;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ShardLimit", .required = true}, self.shard_limit);
    visit(Rule{.name = "OpenShardCount", .required = true}, self.open_shard_count);
    visit(Rule{.name = "OnDemandStreamCount", .required = true}, self.on_demand_stream_count);
    visit(Rule{.name = "OnDemandStreamCountLimit", .required = true}, self.on_demand_stream_count_limit);
    visit(Rule{.name = "ChannelCount"}, self.channel_count);
    visit(Rule{.name = "ChannelCountLimit"}, self.channel_count_limit);
  }
  friend bool operator==(const DescribeLimitsResponse&, const DescribeLimitsResponse&) = default;
};

}  // namespace forebay::wire::kinesis
