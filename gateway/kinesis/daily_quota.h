#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/stream/stream_service.h"

namespace forebay::gateway::kinesis {

/// A call that a stream takes so often in any 24 hours. The attribute holds the seconds of the calls, with commas.
struct DailyQuota {
  std::string_view attribute;
  std::size_t calls = 0;
};

inline constexpr DailyQuota kModeChanges{"mode_changes", 2};
inline constexpr DailyQuota kScalings{"scalings", 10};
inline constexpr DailyQuota kEncryptionStarts{"encryption_starts", 25};
inline constexpr DailyQuota kEncryptionStops{"encryption_stops", 25};

/// The change that counts one more call; none when the quota is used up. Calls that lie ahead of `now` (the clock was
/// set back) do not count.
std::optional<stream::AttributeChange> count_call(const stream::Stream& stream, const DailyQuota& quota, WallTime now);

}  // namespace forebay::gateway::kinesis
