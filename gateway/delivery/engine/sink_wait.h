#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/units.h"

namespace forebay::gateway::delivery {

/// The wait behind attempt number `attempt` (from 1) of a record sink: `first` doubles with each, 15 % more or less by
/// `random`, at most `max`; never shorter than what the receiver asked for. Pure.
inline Milliseconds sink_wait(std::uint32_t attempt, Milliseconds first, Milliseconds max, std::uint64_t random,
                              std::optional<Milliseconds> asked) {
  std::int64_t wait = std::max<std::int64_t>(1, first.count());
  for (std::uint32_t i = 1; i < attempt && wait < max.count(); ++i) wait *= 2;
  wait = std::min<std::int64_t>(wait, max.count());
  const std::int64_t percent = 85 + static_cast<std::int64_t>(random % 31);
  wait = std::min<std::int64_t>(std::max<std::int64_t>(1, wait * percent / 100), max.count());
  return std::max(Milliseconds(wait), asked.value_or(Milliseconds(0)));
}

}  // namespace forebay::gateway::delivery
