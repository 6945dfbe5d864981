#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay::wire::manifest {

/// What every key of every manifest begins with.
inline constexpr std::string_view kRoot = "_forebay/manifest/";

/// One chain of entries.
struct Lane {
  std::string delivery;
  std::uint64_t stream_id = 0;
  std::uint32_t shard = 0;
  std::uint64_t timeline = 0;
  std::string replay;  ///< empty: live
  friend auto operator<=>(const Lane&, const Lane&) = default;
};

/// _forebay/manifest/DELIVERY/STREAM_ID/SHARD/TIMELINE/ and, of a replay, its id and '/'. The prefix of a live lane is
/// also that of the replays of its timeline.
std::string lane_prefix(const Lane& lane);
/// lane_prefix() and INDEX.json, the index with at least 12 digits, so that keys sort like entries.
std::string entry_key(const Lane& lane, std::uint64_t index);

struct EntryPlace {
  Lane lane;
  std::uint64_t index = 0;
  friend bool operator==(const EntryPlace&, const EntryPlace&) = default;
};
/// Empty: the key is none of a manifest entry.
std::optional<EntryPlace> parse_entry_key(std::string_view key);

}  // namespace forebay::wire::manifest
