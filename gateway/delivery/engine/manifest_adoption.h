#pragma once

#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/delivery/object_store.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// D5: reads the manifest of a lane from its checkpoint on; what it lists counts as delivered, whoever wrote it.
/// Result  the lane behind its last entry; unchanged when there is none.
/// Errors  corrupt: an entry that does not continue the lane's own chain; those of the store. Blocks.
Result<LaneRow> adopt_manifest(ObjectStore& store, const SourceShard& source, LaneRow lane);

}  // namespace forebay::gateway::delivery
