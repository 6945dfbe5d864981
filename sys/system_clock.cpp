#include "sys/system_clock.h"

#include <sys/timex.h>

namespace forebay {
namespace {

constexpr std::int64_t kLookAgainNs = 1'000'000'000;
constexpr std::int64_t kPlausibleMs = 1'704'067'200'000;  // 2024-01-01T00:00:00Z

bool kernel_says_synchronised() {
  struct timex state {};
  return ::adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

}  // namespace

WallTime SystemClock::wall_now() const {
  return std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady_now() const { return std::chrono::steady_clock::now(); }

bool SystemClock::wall_is_synchronised() const {
  const std::int64_t now_ns = steady_now().time_since_epoch().count();
  if (now_ns < next_look_ns_.load(std::memory_order_acquire)) return synchronised_.load(std::memory_order_relaxed);
  const bool synchronised = to_millis(wall_now()) >= kPlausibleMs || kernel_says_synchronised();
  synchronised_.store(synchronised, std::memory_order_relaxed);
  next_look_ns_.store(now_ns + kLookAgainNs, std::memory_order_release);
  return synchronised;
}

}  // namespace forebay
