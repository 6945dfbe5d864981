#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "agent/intake/intake.h"

namespace forebay::agent {

/// Keeps everything; can be full, and can let givers wait for their commit. Threads  any.
class FakeIntake final : public Intake {
 public:
  bool try_submit(spool::RecordChunk& chunk, std::function<void()> on_space) override {
    std::lock_guard lock(mutex_);
    if (full_) {
      on_space_ = std::move(on_space);
      return false;
    }
    keep(chunk);
    return true;
  }
  Result<void> submit_and_wait(spool::RecordChunk& chunk, Milliseconds timeout) override {
    std::unique_lock lock(mutex_);
    ++waited_;
    changed_.notify_all();
    if (!changed_.wait_for(lock, timeout, [this] { return !held_; }))
      return Error{Errc::timed_out, "the spool is busy"};
    keep(chunk);
    return {};
  }
  void forget_source(std::string source) override {
    std::lock_guard lock(mutex_);
    forgotten.push_back(std::move(source));
  }

  void set_full(bool full) {
    std::function<void()> call;
    {
      std::lock_guard lock(mutex_);
      full_ = full;
      if (!full) call = std::exchange(on_space_, nullptr);
    }
    if (call) call();
  }
  /// Nothing becomes durable until it is released.
  void hold(bool held) {
    std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  /// Waits until `done` of the lines so far, at most 20 seconds.
  template <class Done>
  bool wait(Done done) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return done(lines_, waited_); });
  }
  std::vector<std::string> lines() const {
    std::lock_guard lock(mutex_);
    return lines_;
  }
  std::vector<std::string> keys() const {
    std::lock_guard lock(mutex_);
    return keys_;
  }
  std::vector<std::string> forgotten;
  std::map<std::string, Buffer> positions;

 private:
  void keep(spool::RecordChunk& chunk) {
    spool::RecordChunkReader reader(chunk.bytes());
    while (const auto record = reader.next()) {
      lines_.emplace_back(as_text(record->data));
      keys_.emplace_back(record->partition_key);
    }
    if (!chunk.position.source.empty()) positions[chunk.position.source] = chunk.position.position;
    chunk = spool::RecordChunk();
    changed_.notify_all();
  }
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool full_ = false;
  bool held_ = false;
  int waited_ = 0;
  std::function<void()> on_space_;
  std::vector<std::string> lines_;
  std::vector<std::string> keys_;
};

}  // namespace forebay::agent
