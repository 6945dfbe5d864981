#include "gateway/log/segment_name.h"

#include <charconv>

namespace forebay::gateway::log {
namespace {

constexpr std::size_t kDigits = 20;

std::string padded(Offset base) {
  const std::string digits = std::to_string(base.value());
  return std::string(kDigits - digits.size(), '0') + digits;
}

}  // namespace

std::string DataPaths::segment(ShardId id, Offset base) const {
  return shard(id) + "/" + padded(base) + std::string(kSegmentSuffix);
}

std::string DataPaths::rows(ShardId id, Offset base) const {
  return shard(id) + "/" + padded(base) + std::string(kRowsSuffix);
}

std::optional<Offset> parse_segment_name(std::string_view name) {
  if (name.size() <= kDigits) return {};
  const std::string_view suffix = name.substr(kDigits);
  if (suffix != kSegmentSuffix && suffix != kRowsSuffix) return {};
  std::int64_t base = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, base);
  if (error != std::errc() || end != name.data() + kDigits || base < 0) return {};
  return Offset(base);
}

}  // namespace forebay::gateway::log
