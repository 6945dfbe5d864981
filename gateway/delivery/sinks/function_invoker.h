#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

namespace forebay::gateway::delivery {

/// What became of one invocation.
struct Invocation {
  enum class Kind : std::uint8_t {
    answered,        ///< it ran and did not fail
    function_error,  ///< it ran and failed, or took too long: counts against the attempts
    unreachable,     ///< it did not run, or is overloaded: tried again until the records are too old
  };
  Kind kind = Kind::answered;
  std::string answer;
  std::string error;
  std::optional<Milliseconds> retry_after;
};

/// Calls a function with one event and waits for its answer.
/// Threads  invoke() from one thread; cancel() from any.
class FunctionInvoker {
 public:
  static constexpr Milliseconds kTimeout{900'000};  ///< Lambda's longest
  static constexpr std::size_t kAnswerBytesMax = 1u << 20;

  virtual ~FunctionInvoker() = default;
  virtual Invocation invoke(std::string_view event, WallTime now) = 0;
  /// Makes the running and every later invoke() end as unreachable.
  virtual void cancel() = 0;
};

}  // namespace forebay::gateway::delivery
