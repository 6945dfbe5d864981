#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace forebay::gateway::http {

/// The value of the Date header, built once a second. Clients set their clocks by it.
/// Threads  one event loop.
class DateHeader {
 public:
  explicit DateHeader(const Clock& clock) : clock_(clock) {}
  std::string_view now();

 private:
  const Clock& clock_;
  std::int64_t second_ = -1;
  std::string text_;
};

}  // namespace forebay::gateway::http
