#pragma once

#include <cstdio>
#include <cstdlib>

namespace forebay {

/// Prints where an internal rule was broken and aborts. Never used for input from network, disk or configuration.
[[noreturn]] inline void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal error: %s\n", file, line, condition);
  std::abort();
}

}  // namespace forebay

/// Checks a rule of ours; stays on in release builds.
#define FB_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::forebay::assertion_failed(#condition, __FILE__, __LINE__))
#define FB_UNREACHABLE() ::forebay::assertion_failed("unreachable", __FILE__, __LINE__)
