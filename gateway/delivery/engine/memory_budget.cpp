#include "gateway/delivery/engine/memory_budget.h"

namespace forebay::gateway::delivery {

void MemoryBudget::report(const void* lane, std::uint64_t bytes) {
  Held& held = lanes_[lane];
  used_ = used_ - held.bytes + bytes;
  held = {bytes, false};
  if (bytes == 0) lanes_.erase(lane);
  gauge_.set(static_cast<std::int64_t>(used_));
}

void MemoryBudget::is_leaving(const void* lane) {
  if (const auto found = lanes_.find(lane); found != lanes_.end()) found->second.is_leaving = true;
}

bool MemoryBudget::is_largest(const void* lane) const {
  const void* largest = nullptr;
  std::uint64_t most = 0;
  for (const auto& [holder, held] : lanes_) {
    if (held.is_leaving || held.bytes <= most) continue;
    largest = holder;
    most = held.bytes;
  }
  return largest == lane && largest != nullptr;
}

}  // namespace forebay::gateway::delivery
