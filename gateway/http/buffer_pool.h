#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace forebay::gateway::http {

/// Keeps large buffers between requests: touching fresh memory costs more than anything else a request does
/// (performance A.1). They come back with their old size and content.
/// Threads  one event loop.
template <class Container>
class CapacityPool {
 public:
  explicit CapacityPool(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// The smallest pooled buffer that holds `size`, else the largest one, else an empty one.
  Container take(std::size_t size) {
    if (buffers_.empty()) return {};
    std::size_t best = 0;
    for (std::size_t i = 1; i < buffers_.size(); ++i)
      if (is_better(buffers_[i].capacity(), buffers_[best].capacity(), size)) best = i;
    Container found = std::move(buffers_[best]);
    buffers_[best] = std::move(buffers_.back());
    buffers_.pop_back();
    bytes_ -= found.capacity();
    return found;
  }
  void give_back(Container buffer) {
    if (buffer.capacity() < kWorthKeeping || bytes_ + buffer.capacity() > bytes_max_) return;
    bytes_ += buffer.capacity();
    buffers_.push_back(std::move(buffer));
  }
  void clear() {
    buffers_.clear();
    bytes_ = 0;
  }

 private:
  static constexpr std::size_t kWorthKeeping = 1024;

  static bool is_better(std::size_t candidate, std::size_t current, std::size_t size) {
    if (current < size) return candidate > current;
    return candidate >= size && candidate < current;
  }

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::vector<Container> buffers_;
};

using BufferPool = CapacityPool<Buffer>;
using TextPool = CapacityPool<std::string>;

}  // namespace forebay::gateway::http
