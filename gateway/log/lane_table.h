#pragma once

#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/lineage.h"
#include "base/result.h"
#include "gateway/log/identifiers.h"

namespace forebay::gateway::log {

/// One dense sequence: everything one lineage put into one stream.
struct LaneKey {
  Lineage lineage;
  StreamId stream;
  friend auto operator<=>(const LaneKey&, const LaneKey&) = default;
};

/// A committed range and the CRC the agent computed over its records.
struct LaneRange {
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t crc = 0;
  [[nodiscard]] std::uint64_t last() const { return first + count - 1; }
  friend bool operator==(const LaneRange&, const LaneRange&) = default;
};

/// Dedup state of one lane: its end and the newest ranges, oldest first.
struct Lane {
  static constexpr std::size_t kRangesMax = 4;  ///< one request is in flight per lane, so resends are recent
  std::uint64_t last = 0;
  std::array<LaneRange, kRangesMax> ranges{};
  std::uint8_t range_count = 0;

  void append(const LaneRange& range);
  friend bool operator==(const Lane&, const Lane&) = default;
};

enum class LaneVerdict : std::uint8_t { append, duplicate, unverified, gap, forked, stale };
struct LaneAnswer {
  LaneVerdict verdict = LaneVerdict::append;
  std::uint64_t last = 0;  ///< last sequence of the lane before this batch; stale: forgotten_through()
};

/// What the gateway knows of every lane (rules G1-G3). A function of journal and rows files; lane snapshots only save
/// reading them all. About 150 bytes per lane.
/// Threads  owner only.
class LaneTable {
 public:
  /// Rule G2 (and G3 for forgotten lineages). `base`: start agreed in OPEN, for a lane not known yet.
  [[nodiscard]] LaneAnswer check(const LaneKey& key, std::uint64_t base, std::uint64_t first, std::uint64_t count,
                                 std::uint32_t crc) const;
  /// Takes a range that check() said to append.
  void append(const LaneKey& key, const LaneRange& range);
  /// The same in recovery: a range that is already covered changes nothing.
  void merge(const LaneKey& key, const LaneRange& range);
  void merge(const LaneKey& key, const Lane& lane);

  /// Records up to `last` count as taken, although no range of the log holds them. A lower number changes nothing.
  void raise(const LaneKey& key, std::uint64_t last);

  [[nodiscard]] std::optional<Lane> find(const LaneKey& key) const;
  /// Puts a state found before back; empty: the lane was not known.
  void restore(const LaneKey& key, const std::optional<Lane>& lane);
  /// Forgets lanes of a root up to an ordinal; they are stale from then on.
  void forget(const std::array<std::uint8_t, 16>& root, std::uint64_t through);
  [[nodiscard]] bool is_stale(const Lineage& lineage) const {
    if (forgotten_.empty()) return false;
    const std::uint64_t through = forgotten_through(lineage.root);
    return through != 0 && lineage.ordinal <= through;
  }
  /// Ordinal up to which the root's lineages are forgotten; 0: none.
  [[nodiscard]] std::uint64_t forgotten_through(const std::array<std::uint8_t, 16>& root) const;
  void erase_stream(StreamId stream);

  [[nodiscard]] std::size_t size() const;
  /// Rises with every change.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  /// Parts that a snapshot copies one at a time.
  static constexpr std::size_t kParts = 64;
  [[nodiscard]] std::vector<std::pair<LaneKey, Lane>> part(std::size_t index) const;
  [[nodiscard]] const std::map<std::array<std::uint8_t, 16>, std::uint64_t>& forgotten() const { return forgotten_; }

 private:
  struct KeyHash {
    std::size_t operator()(const LaneKey& key) const;
  };
  using Part = std::unordered_map<LaneKey, Lane, KeyHash>;
  [[nodiscard]] static std::size_t part_of(const LaneKey& key) { return KeyHash()(key) >> 58; }

  std::array<Part, kParts> parts_;
  std::map<std::array<std::uint8_t, 16>, std::uint64_t> forgotten_;
  std::uint64_t version_ = 0;
};

}  // namespace forebay::gateway::log
