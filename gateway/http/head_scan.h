#pragma once

#include <cstddef>

#include "base/bytes.h"

namespace forebay::gateway::http {

/// Looks for the end of a request head as bytes arrive.
/// Every line must end in CR LF; a bare LF is refused at once (reliability check 20), other control bytes by the
/// parser.
class HeadScan {
 public:
  enum class State { incomplete, complete, malformed };

  /// Continues with the bytes received so far, all of them from the start of the head.
  State scan(ByteView bytes);
  /// Size of the head with its empty line, once complete.
  [[nodiscard]] std::size_t head_size() const { return position_; }
  void reset() { *this = HeadScan(); }

 private:
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
};

}  // namespace forebay::gateway::http
