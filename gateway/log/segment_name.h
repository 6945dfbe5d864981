#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/log/identifiers.h"

namespace forebay::gateway::log {

/// Where things lie below DATA/: streams/<stream>/<shard>/<base offset, 20 digits>.segment and .rows.
struct DataPaths {
  std::string data;

  [[nodiscard]] std::string journal() const { return data + "/journal"; }
  [[nodiscard]] std::string catalog() const { return data + "/catalog.db"; }
  [[nodiscard]] std::string lanes(std::uint64_t generation) const {
    return data + "/lanes." + std::to_string(generation % 2);
  }
  [[nodiscard]] std::string streams() const { return data + "/streams"; }
  [[nodiscard]] std::string stream(StreamId id) const { return streams() + "/" + std::to_string(id.value()); }
  [[nodiscard]] std::string shard(ShardId id) const {
    return stream(id.stream) + "/" + std::to_string(id.shard.value());
  }
  [[nodiscard]] std::string segment(ShardId id, Offset base) const;
  [[nodiscard]] std::string rows(ShardId id, Offset base) const;
};

inline constexpr std::string_view kSegmentSuffix = ".segment";
inline constexpr std::string_view kRowsSuffix = ".rows";

/// Base offset of "<digits>.segment" or "<digits>.rows"; empty for any other name.
std::optional<Offset> parse_segment_name(std::string_view name);

}  // namespace forebay::gateway::log
