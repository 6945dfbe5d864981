#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/units.h"
#include "gateway/log/segment_rows.h"

namespace forebay::gateway::log {

/// Bytes of batches that are durable in the journal but not yet in segments; the sequencer takes nothing new while they
/// exceed the limit. Threads  any.
class TailBudget {
 public:
  explicit TailBudget(std::size_t limit) : limit_(limit) {}
  void add(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void remove(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool is_full() const { return used() >= limit_; }
  [[nodiscard]] bool is_half_full() const { return used() >= limit_ / 2; }

 private:
  std::atomic<std::size_t> used_{0};
  const std::size_t limit_;
};

struct TailBatch {
  SegmentRow row;
  Buffer bytes;   ///< as readers get it; empty: encrypted, and not opened (its key was missing, or it is damaged)
  Buffer sealed;  ///< when the row has a seal: what journal and segment hold

  [[nodiscard]] const Buffer& stored() const { return row.seal.is_set() ? sealed : bytes; }
};

/// Newest batches of a shard in memory: at most 64 rows or about 256 KiB, the unit the segment thread writes.
/// One thread appends, any thread reads what was published, the segment thread seals.
class TailRun {
 public:
  static constexpr std::uint32_t kBatchesMax = 64;
  static constexpr std::size_t kBytesMax = 256_KiB;

  TailRun(std::shared_ptr<TailBudget> budget, SteadyTime started) : started_(started), budget_(std::move(budget)) {}
  ~TailRun() { budget_->remove(bytes_); }
  TailRun(const TailRun&) = delete;
  TailRun& operator=(const TailRun&) = delete;

  /// Publishes one batch. False, and the batch untouched, when the run is sealed or full.
  bool append(TailBatch& batch) {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if ((state & kSealed) != 0) return false;
    const std::size_t size = batch.bytes.size() + batch.sealed.size() + sizeof(TailBatch);
    batches_[state] = std::move(batch);
    if (!state_.compare_exchange_strong(state, state + 1, std::memory_order_release)) {
      batch = std::move(batches_[state & ~kSealed]);
      return false;
    }
    budget_->add(size);
    bytes_ += size;
    if (state + 1 == kBatchesMax || bytes_ >= kBytesMax) seal();
    return true;
  }
  /// No batch is added after this returns.
  void seal() { state_.fetch_or(kSealed, std::memory_order_acq_rel); }

  [[nodiscard]] bool is_sealed() const { return (state_.load(std::memory_order_acquire) & kSealed) != 0; }
  [[nodiscard]] std::uint32_t count() const { return state_.load(std::memory_order_acquire) & ~kSealed; }
  /// Index below count().
  [[nodiscard]] const TailBatch& operator[](std::uint32_t index) const { return batches_[index]; }
  [[nodiscard]] SteadyTime started() const { return started_; }

 private:
  static constexpr std::uint32_t kSealed = 1u << 31;

  std::array<TailBatch, kBatchesMax> batches_;
  std::atomic<std::uint32_t> state_{0};
  std::size_t bytes_ = 0;  ///< appending thread, and the destructor
  const SteadyTime started_;
  std::shared_ptr<TailBudget> budget_;  ///< readers may keep a run longer than the log lives
};

}  // namespace forebay::gateway::log
