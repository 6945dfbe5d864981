#include "gateway/delivery/engine/memory_budget.h"

#include <algorithm>

namespace forebay::gateway::delivery {

void MemoryBudget::report(const void* lane, std::uint64_t bytes) {
  std::uint64_t& held = lanes_[lane];
  used_ = used_ - held + bytes;
  held = bytes;
  if (bytes == 0) lanes_.erase(lane);
  gauge_.set(static_cast<std::int64_t>(used_));
}

bool MemoryBudget::is_largest(const void* lane) const {
  const auto largest =
      std::max_element(lanes_.begin(), lanes_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return largest != lanes_.end() && largest->first == lane;
}

}  // namespace forebay::gateway::delivery
