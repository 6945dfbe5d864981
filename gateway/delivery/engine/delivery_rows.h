#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/lineage.h"
#include "gateway/delivery/delivery_service.h"
#include "gateway/stream/identifiers.h"

/// What the engine keeps in `delivery.db`, row by row.
namespace forebay::gateway::delivery {

/// Number of a delivery stream in the database: rising, never reused.
using DeliveryId = StrongType<std::int64_t, struct DeliveryIdTag>;

/// A lane's track: what its records are delivered for. Each has cuts, objects and a manifest of its own.
inline constexpr std::string_view kLiveTrack;
inline constexpr std::string_view kBackupTrack = "backup";  ///< copies of everything; a replay's track is its id

struct LaneKey {
  DeliveryId delivery;
  stream::StreamId stream;
  stream::ShardNumber shard;
  std::string track;
  friend auto operator<=>(const LaneKey&, const LaneKey&) = default;
};

/// Last sequences of upload lanes, by lineage.
using LaneMarks = std::map<Lineage, std::uint64_t>;

/// How far a lane is: everything below `next` is delivered.
struct LaneRow {
  LaneKey key;
  std::uint64_t timeline = 0;
  stream::Offset first;  ///< where it began
  stream::Offset next;
  std::optional<stream::Offset> until;  ///< of a replay: where it ends
  std::uint64_t next_index = 0;         ///< of its next cut and manifest entry
  std::string previous;                 ///< SHA-256 of its last manifest entry, hex; empty: none yet
  bool finished = false;                ///< nothing will come any more
  std::string bucket;                   ///< whose manifest next_index and previous continue; empty: none yet
  stream::Offset bucket_first;          ///< the first one that is for this bucket
};

/// What a manifest said about a lane.
struct AdoptedLane {
  LaneRow lane;
  LaneMarks delivered;     ///< uploads that the bucket has beside what the lane says
  bool drops_cut = false;  ///< its logged cut is listed, or overtaken
};

/// A cut that was logged and is not yet in the manifest: at most one per lane.
struct CutRow {
  LaneKey key;
  std::uint64_t index = 0;
  std::uint64_t timeline = 0;
  std::uint64_t version = 1;  ///< of the definition it was cut under
  std::string document;       ///< of that version
  stream::Offset first;
  stream::Offset last;
  WallTime oldest;
  std::string gap;  ///< not empty: these records are lost, and why; the cut delivers the declaration
};

struct DeliveryRow {
  DeliveryId id;
  DeliveryInfo info;
};

struct ReplayRow {
  DeliveryId delivery;
  std::string id;
  ReplayRequest request;
  std::uint64_t records_total = 0;
  bool finished = false;
};

/// Records a sink refused, as the object they become: kept here until the store has it.
struct DeadLetterRow {
  std::int64_t id = 0;
  DeliveryId delivery;
  std::string bucket;
  std::string key;
  Buffer body;
};

/// An object of a cut that was given up: no manifest entry will ever list it.
struct OrphanRow {
  std::int64_t id = 0;
  std::string bucket;
  std::string key;
};

/// Everything but dead letters and orphans, as it is read at start.
struct DeliveryTables {
  std::vector<DeliveryRow> deliveries;
  std::vector<LaneRow> lanes;
  std::vector<CutRow> cuts;
  std::vector<ReplayRow> replays;
  std::map<LaneKey, stream::Offset> log_ends;  ///< of lanes whose manifest was not read since
  std::map<LaneKey, LaneMarks> delivered;      ///< what buckets have of uploads beside what the lanes say
};

}  // namespace forebay::gateway::delivery
