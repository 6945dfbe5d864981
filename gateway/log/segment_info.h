#pragma once

#include <atomic>

#include "gateway/log/segment_rows.h"

namespace forebay::gateway::log {

/// One segment as readers see it. The segment thread raises the numbers after the bytes were given to the system; rows
/// below row_count() can be read. Nothing per row is kept in memory.
struct SegmentInfo {
  SegmentInfo(const SegmentIdentity& which, WallTime when) : identity(which), created(when) {}

  const SegmentIdentity identity;
  const WallTime created;

  struct Extent {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;  ///< of the segment file
    Offset end;
    WallTime first_arrival;
    WallTime last_arrival;
  };
  /// Threads  segment thread (and recovery) only.
  void publish(const Extent& extent) {
    bytes.store(extent.bytes, std::memory_order_relaxed);
    end.store(extent.end.value(), std::memory_order_relaxed);
    first_arrival_ms.store(to_millis(extent.first_arrival), std::memory_order_relaxed);
    last_arrival_ms.store(to_millis(extent.last_arrival), std::memory_order_relaxed);
    rows.store(extent.rows, std::memory_order_release);
  }
  [[nodiscard]] std::uint64_t row_count() const { return rows.load(std::memory_order_acquire); }
  /// Consistent when called by the segment thread; elsewhere each number is at least as new as row_count() was.
  [[nodiscard]] Extent extent() const {
    Extent extent;
    extent.rows = row_count();
    extent.bytes = bytes.load(std::memory_order_relaxed);
    extent.end = Offset(end.load(std::memory_order_relaxed));
    extent.first_arrival = from_millis(first_arrival_ms.load(std::memory_order_relaxed));
    extent.last_arrival = from_millis(last_arrival_ms.load(std::memory_order_relaxed));
    return extent;
  }

  std::atomic<std::uint64_t> rows{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::int64_t> end{0};
  std::atomic<std::int64_t> first_arrival_ms{0};
  std::atomic<std::int64_t> last_arrival_ms{0};
  std::atomic<bool> closed{false};
  bool saved_closed = false;  ///< the catalogue has its final numbers; segment thread only
};

}  // namespace forebay::gateway::log
