#pragma once

#include <mutex>

#include "spool/journal.h"

namespace forebay::gateway::log {

/// How far the journal is published to the shard views; from the sequencer to the checkpoint.
/// Threads  any.
class JournalProgress {
 public:
  struct State {
    spool::JournalPosition published;  ///< everything before it stands in the views, lanes and directory
    std::uint64_t bytes = 0;           ///< committed since start
  };
  void advance(spool::JournalPosition published, std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    state_.published = published;
    state_.bytes += bytes;
  }
  [[nodiscard]] State get() const {
    const std::scoped_lock lock(mutex_);
    return state_;
  }

 private:
  mutable std::mutex mutex_;
  State state_;
};

}  // namespace forebay::gateway::log
