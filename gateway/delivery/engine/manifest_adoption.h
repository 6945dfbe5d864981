#pragma once

#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/delivery/object_store.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// What a manifest says about a lane.
struct Adoption {
  LaneRow lane;         ///< behind what counts as delivered
  LaneMarks delivered;  ///< of uploads that are in the bucket and not, or not surely, in this log below `lane.next`
  /// Not 0: the gateway was restored to an older state. Its log ends before what the manifest lists, and what it
  /// appends from now on has offsets that the manifest knows for other records: the lane goes on under this timeline
  /// or a later one.
  std::uint64_t timeline = 0;
};

/// A lane on its way into a bucket.
struct BucketStay {
  LaneRow lane;
  std::optional<stream::Offset> log_end;  ///< for adopt_manifest(), while the bucket's manifest was not read
};

/// The lane as it goes on in `bucket`, whose manifest must be read then. One that comes from another bucket finds there
/// nothing, or entries of an earlier stay, which ended below `next`; what lies behind that is of another life of this
/// gateway. `shard_end` stands in for `log_end` where the lane delivered nothing yet: what a delivery stream of this
/// name wrote before ends there. Pure.
BucketStay enter_bucket(LaneRow lane, std::optional<stream::Offset> log_end, const std::string& bucket,
                        stream::Offset shard_end);

/// D5: reads the manifest of a lane from its checkpoint on; what it lists counts as delivered, whoever wrote it.
/// `log_end`: where the shard ended when this gateway was started, given while the manifest was not read since then. An
/// entry that reaches behind it, or one of a later timeline, is of another life of this gateway: it is not made of the
/// records that have those offsets now, or will have. Only uploads can be recognised; so they are told by lineage.
/// Errors  corrupt: an entry that does not continue the lane's own chain, or of another shard with this number; those
/// of the store. Blocks.
Result<Adoption> adopt_manifest(ObjectStore& store, const SourceShard& source, LaneRow lane,
                                std::optional<stream::Offset> log_end);

}  // namespace forebay::gateway::delivery
