#include "wire/kinesis/shard_id.h"

#include <cstdio>

namespace forebay::wire::kinesis {

std::string to_shard_id(std::uint32_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "shardId-%012u", number);
  return text;
}

std::optional<std::uint32_t> parse_shard_id(std::string_view text) {
  if (const std::size_t dash = text.rfind('-'); dash != std::string_view::npos) {
    if (dash == 0) return std::nullopt;
    text.remove_prefix(dash + 1);
  }
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value > 0x7fffffff) return std::nullopt;
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace forebay::wire::kinesis
