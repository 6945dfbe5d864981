#pragma once

#include "base/units.h"

namespace forebay::gateway::delivery {

/// A lane between two cuts, as far as the moment of the next one depends on it.
struct Filling {
  bool has_records = false;
  bool is_full = false;      ///< the largest object has the size of the buffering hint
  bool is_squeezed = false;  ///< memory is spent and this lane holds most of it
  bool has_more = false;     ///< records that can be read at once
  bool has_ended = false;    ///< the shard is closed, or the replay's range read: nothing will follow what is there
  bool caught_up = false;    ///< everything that was there when the interval ended has been read
  Milliseconds age{0};       ///< since the first record was read
  Milliseconds interval{0};
};

enum class FillStep : std::uint8_t { read, wait, cut, finish };

/// What to do next. Whichever comes first cuts: size, interval, memory, the end. A lane that is behind reads on to what
/// was there when its interval ended, so that catching up does not make small objects. Pure.
inline FillStep next_step(const Filling& lane) {
  if (!lane.has_records) return lane.has_more ? FillStep::read : lane.has_ended ? FillStep::finish : FillStep::wait;
  if (lane.is_full || lane.is_squeezed) return FillStep::cut;
  const bool due = lane.age >= lane.interval;
  if (lane.has_more) return due && lane.caught_up ? FillStep::cut : FillStep::read;
  return due || lane.has_ended ? FillStep::cut : FillStep::wait;
}

}  // namespace forebay::gateway::delivery
