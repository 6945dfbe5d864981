#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::cli {

/// Where a command reads and writes: standard streams in the program, strings in tests.
/// Threads  one, except interrupted().
class Console {
 public:
  virtual ~Console() = default;
  virtual void out(std::string_view text) = 0;
  virtual void err(std::string_view text) = 0;
  virtual void flush() = 0;
  /// Bytes read into `out`; 0 at the end of standard input.
  virtual Result<std::size_t> in(MutableBytes out) = 0;
  [[nodiscard]] virtual bool out_is_terminal() const = 0;
  [[nodiscard]] virtual bool err_is_terminal() const = 0;
  [[nodiscard]] virtual bool in_is_terminal() const = 0;
  /// False once whoever reads standard output has gone (a closed pipe).
  [[nodiscard]] virtual bool out_is_open() const = 0;
  /// Waits; false when the user asked to stop (Ctrl-C) before or meanwhile.
  virtual bool pause(Milliseconds length) = 0;
  [[nodiscard]] virtual bool interrupted() const = 0;
};

}  // namespace forebay::cli
