#pragma once

#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/delivery/engine/delivery_state.h"
#include "gateway/delivery/engine/engine_services.h"

namespace forebay::gateway::delivery {

inline constexpr std::chrono::hours kUploadAgeMax{24};      ///< unfinished uploads older than this are ended
inline constexpr std::chrono::hours kOrphanAgeMax{24 * 7};  ///< D6: how long readers may still find what does not count

/// Cleans the buckets of one delivery stream: ends unfinished uploads of earlier processes, and removes objects of cuts
/// that were given up once they are old enough. Nothing else is ever removed from a bucket. Blocks.
/// Errors  the last one; the rest was done.
Result<void> clean_up(EngineServices& services, DeliveryState& delivery);

}  // namespace forebay::gateway::delivery
