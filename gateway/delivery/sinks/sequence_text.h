#pragma once

#include <string>

#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// The number under which a Kinesis client sees a record: counter = offset + 1
/// (docs/decisions/0020-sequence-number-counter.md). Records out of one aggregate share it.
std::string sequence_text(const SourceShard& source, const DeliveryRecord& record);

}  // namespace forebay::gateway::delivery
