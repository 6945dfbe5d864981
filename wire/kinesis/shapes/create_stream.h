#pragma once

#include "wire/kinesis/rules.h"
#include "wire/kinesis/shapes/stream_mode_details.h"

namespace forebay::wire::kinesis {

struct CreateStreamRequest {
  static constexpr std::string_view kShape = "CreateStreamRequest";
  std::optional<std::string> stream_name;
  std::optional<std::int32_t> shard_count;
  std::optional<StreamModeDetails> stream_mode_details;
  std::optional<StringMap> tags;
  std::optional<std::int32_t> warm_throughput_mibps;
  std::optional<std::int32_t> max_record_size_in_kib;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName.as_required(), self.stream_name);
    visit(Rule{.name = "ShardCount", .min = 1}, self.shard_count);
    visit(Rule{.name = "StreamModeDetails"}, self.stream_mode_details);
    visit(rules::kTags, self.tags);
    visit(Rule{.name = "WarmThroughputMiBps", .min = 0}, self.warm_throughput_mibps);
    visit(Rule{.name = "MaxRecordSizeInKiB", .min = 1024, .max = 10240}, self.max_record_size_in_kib);
  }
  friend bool operator==(const CreateStreamRequest&, const CreateStreamRequest&) = default;
};

}  // namespace forebay::wire::kinesis
