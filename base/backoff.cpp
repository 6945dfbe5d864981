#include "base/backoff.h"

#include <algorithm>

namespace forebay {

Milliseconds Backoff::next(std::uint64_t random) {
  std::int64_t bound = std::max<std::int64_t>(1, options_.first.count());
  const std::int64_t max = std::max<std::int64_t>(1, options_.max.count());
  for (std::uint32_t i = 0; i < failures_ && bound < max; ++i) bound *= 2;
  bound = std::min(bound, max);
  if (failures_ < UINT32_MAX) ++failures_;
  return Milliseconds(1 + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(bound)));
}

}  // namespace forebay
