#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"

namespace forebay::agent {

/// Places on the way of a record where a test may kill the program. Order and names: failpoint.cpp.
enum class Failpoint : std::uint8_t {
  chunk_queued,
  before_append,
  after_append,
  position_forgotten,
  batch_sealed,
  batch_built,
  request_encoded,
  before_send,
  after_reply,
  before_acknowledge,
  after_acknowledge,
  open_replied,
  acknowledged_lowered,
  gap_declared,
  records_resealed,
  before_close,
};

struct FailpointRow {
  Failpoint point;
  std::string_view name;
  std::string_view where;  ///< one phrase for people
};

/// At most one armed place, from FOREBAY_FAILPOINT=name:count: at the count-th time the process sends itself SIGKILL.
/// Unarmed it costs one comparison.
/// Threads  any.
class Failpoints {
 public:
  Failpoints() = default;

  /// Shape   "name:count", count from 1; empty text arms nothing.
  /// Errors  invalid_argument: unknown name or bad count.
  Result<void> arm(std::string_view text);
  void reach(Failpoint point) {
    if (armed_ && point == point_ && remaining_.fetch_sub(1, std::memory_order_relaxed) == 1) kill_this_process();
  }
  static std::span<const FailpointRow> rows();

 private:
  [[noreturn]] static void kill_this_process();

  bool armed_ = false;
  Failpoint point_{};
  std::atomic<std::int64_t> remaining_{0};
};

}  // namespace forebay::agent
