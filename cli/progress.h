#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "cli/console.h"

namespace forebay::cli {

/// A line on the terminal's error output for work that takes longer than two seconds: bar and share when the total is
/// known, count and rate when not. Silent when the error output is no terminal.
/// Lifecycle  update() as often as wanted (drawing is limited to ten times a second); finish() clears the line.
class Progress {
 public:
  Progress(Console& console, const Clock& clock, std::string what)
      : console_(console), clock_(clock), what_(std::move(what)), start_(clock.steady_now()), drawn_(start_) {}

  /// What was done before this program began to watch: no part of the rate.
  void begin_at(std::uint64_t done) { before_ = done; }
  /// total 0: unknown.
  void update(std::uint64_t done, std::uint64_t total);
  void finish();

 private:
  [[nodiscard]] std::string line(std::uint64_t done, std::uint64_t total) const;

  Console& console_;
  const Clock& clock_;
  std::string what_;
  SteadyTime start_;
  SteadyTime drawn_;
  std::uint64_t before_ = 0;
  bool visible_ = false;
};

}  // namespace forebay::cli
