#include "gateway/http/head_scan.h"

#include <cstring>

namespace forebay::gateway::http {

HeadScan::State HeadScan::scan(ByteView bytes) {
  while (position_ < bytes.size()) {
    const auto* found =
        static_cast<const std::uint8_t*>(std::memchr(bytes.data() + position_, '\n', bytes.size() - position_));
    if (!found) {
      position_ = bytes.size();
      return State::incomplete;
    }
    const auto at = static_cast<std::size_t>(found - bytes.data());
    if (at == 0 || bytes[at - 1] != '\r') return State::malformed;
    position_ = at + 1;
    const std::size_t line_size = at - 1 - line_start_;
    if (line_size == 0) return line_start_ == 0 ? State::malformed : State::complete;
    line_start_ = position_;
  }
  return State::incomplete;
}

}  // namespace forebay::gateway::http
