#pragma once

#include <chrono>
#include <cstdint>

namespace forebay {

inline constexpr std::uint64_t operator""_KiB(unsigned long long v) { return v << 10; }
inline constexpr std::uint64_t operator""_MiB(unsigned long long v) { return v << 20; }
inline constexpr std::uint64_t operator""_GiB(unsigned long long v) { return v << 30; }

using Milliseconds = std::chrono::milliseconds;
using Nanoseconds = std::chrono::nanoseconds;
/// UTC, milliseconds since 1970; 64 bits wide on every architecture.
using WallTime = std::chrono::sys_time<std::chrono::duration<std::int64_t, std::milli>>;
/// Monotonic, from an arbitrary start; never crosses a process border.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<std::int64_t, std::nano>>;

inline std::int64_t to_millis(WallTime t) { return t.time_since_epoch().count(); }
inline WallTime from_millis(std::int64_t ms) { return WallTime(std::chrono::duration<std::int64_t, std::milli>(ms)); }

}  // namespace forebay
