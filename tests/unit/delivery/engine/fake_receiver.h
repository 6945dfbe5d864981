#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/delivery/record_sink.h"

namespace forebay::test {

/// The far end of all record sinks of a test: keeps what it takes, answers by script. Threads  any.
class FakeReceiver {
 public:
  using Outcome = gateway::delivery::RecordSink::Outcome;
  using Records = std::span<const gateway::delivery::DeliveryRecord>;
  struct Call {
    std::vector<std::string> data;
    std::uint32_t attempt = 0;
    std::string id;
  };

  /// Decides what becomes of a call; by default everything is taken.
  void set_answer(std::function<Outcome(const Call&)> answer) {
    const std::scoped_lock lock(mutex_);
    answer_ = std::move(answer);
  }
  Outcome deliver(Records records, const gateway::delivery::RecordSink::Attempt& attempt) {
    const std::scoped_lock lock(mutex_);
    Call call{{}, attempt.number, attempt.id};
    for (const auto& record : records) call.data.emplace_back(as_text(record.data));
    Outcome outcome;
    outcome.settled = records.size();
    if (answer_) outcome = answer_(call);
    std::size_t refused = 0;
    for (std::size_t i = 0; i < outcome.settled; ++i) {
      const bool failed = refused < outcome.failures.size() && outcome.failures[refused].index == i;
      if (failed)
        ++refused;
      else
        taken_.push_back(call.data[i]);
    }
    calls_.push_back(std::move(call));
    return outcome;
  }
  std::vector<std::string> taken() const {
    const std::scoped_lock lock(mutex_);
    return taken_;
  }
  std::vector<Call> calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  std::function<Outcome(const Call&)> answer_;
  std::vector<std::string> taken_;
  std::vector<Call> calls_;
};

class FakeSink final : public gateway::delivery::RecordSink {
 public:
  FakeSink(std::shared_ptr<FakeReceiver> receiver, Limits limits) : receiver_(std::move(receiver)), limits_(limits) {}
  [[nodiscard]] Limits limits() const override { return limits_; }
  Outcome deliver(std::span<const gateway::delivery::DeliveryRecord> records, const Attempt& attempt) override {
    if (cancelled_) return {0, {}, "cancelled", {}, false};
    return receiver_->deliver(records, attempt);
  }
  void cancel() override { cancelled_ = true; }

 private:
  std::shared_ptr<FakeReceiver> receiver_;
  Limits limits_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace forebay::test
