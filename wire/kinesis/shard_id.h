#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay::wire::kinesis {

/// "shardId-000000000007"
std::string to_shard_id(std::uint32_t number);

/// Lenient, as the service: "<anything>-<digits>" or digits alone, value 0..2147483647.
std::optional<std::uint32_t> parse_shard_id(std::string_view text);

}  // namespace forebay::wire::kinesis
