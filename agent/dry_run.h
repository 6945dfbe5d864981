#pragma once

#include <map>
#include <mutex>
#include <string>

#include "agent/intake/intake.h"

namespace forebay::agent {

/// The intake of --dry-run: shows the first records of every stream with key and size, keeps nothing, sends nothing.
/// Threads  any.
class DryRunIntake final : public Intake {
 public:
  static constexpr std::size_t kShownMax = 5;        ///< records of one stream
  static constexpr std::size_t kShownCharsMax = 160;  ///< of one record

  bool try_submit(spool::RecordChunk& chunk, std::function<void()> on_space) override;
  Result<void> submit_and_wait(spool::RecordChunk& chunk, Milliseconds timeout) override;
  void forget_source(std::string) override {}

  /// What was shown so far, then how many records each stream had.
  [[nodiscard]] std::string text() const;

 private:
  struct Stream {
    std::uint64_t records = 0;
    std::string shown;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Stream> streams_;
};

}  // namespace forebay::agent
