#include <algorithm>

#include "base/digest.h"
#include "base/hex.h"
#include "gateway/delivery/engine/record_lane.h"
#include "gateway/delivery/engine/sink_wait.h"

/// How a lane's batch is delivered: attempts, waits, progress, dead letters.
namespace forebay::gateway::delivery {
namespace {

std::vector<DeliveryRecord> views_of(const std::deque<HeldRecord>& held, std::size_t count) {
  std::vector<DeliveryRecord> views;
  views.reserve(count);
  for (std::size_t i = 0; i < count; ++i) views.push_back(held[i].view());
  return views;
}

/// In the form of a UUID; the same for the same records of the same lane.
std::string batch_id(const Lane& lane, const HeldRecord& first, const HeldRecord& last, std::size_t count) {
  const LaneKey& key = lane.row.key;
  std::string text = lane.source.account + '\n' + lane.source.delivery + '\n' + key.track;
  for (const std::int64_t number : {key.delivery.value(), static_cast<std::int64_t>(key.stream.value()),
                                    static_cast<std::int64_t>(key.shard.value()), first.offset.value(),
                                    static_cast<std::int64_t>(first.sub_sequence), last.offset.value(),
                                    static_cast<std::int64_t>(last.sub_sequence), static_cast<std::int64_t>(count)})
    text += '\n' + std::to_string(number);
  const std::string hex = to_hex(sha256(as_bytes(text)));
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + "-8" + hex.substr(13, 3) + "-8" + hex.substr(17, 3) + '-' +
         hex.substr(20, 12);
}

}  // namespace

std::size_t RecordLane::batch_size() const {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const HeldRecord& record : held_) {
    bytes += record.bytes();
    if (count > 0 && (count == limits_.records_max || bytes > limits_.bytes_max)) break;
    ++count;
  }
  return count;
}

void RecordLane::begin_attempts(Batch& batch) {
  batch.attempt.number = 1;
  batch.attempt.first_time = lane_->services.clock().wall_now();
  batch.attempt.id = batch_id(*lane_, held_.front(), held_[batch.count - 1], batch.count);
  batch.begun = lane_->services.clock().steady_now();
}

Task<std::optional<LaneEnd>> RecordLane::deliver_batch() {
  Batch batch;
  batch.count = batch_size();
  begin_attempts(batch);
  for (;;) {
    batch.attempt.now = lane_->services.clock().wall_now();
    const std::vector<DeliveryRecord> views = views_of(held_, batch.count);
    RecordSink::Outcome outcome;
    auto call = [&] { outcome = (*sink_)->deliver(views, batch.attempt); };
    co_await lane_->services.senders.run(lane_->delivery->senders(), call);
    outcome.settled = std::min(outcome.settled, batch.count);
    if (outcome.settled > 0) {
      const std::size_t settled = outcome.settled;
      std::vector<DeadRecord> dead = refused(batch, outcome);
      const std::optional<LaneEnd> end = co_await settle(settled, std::move(dead), false);
      if (end) co_return end;
      batch.count -= settled;
      if (batch.count == 0) co_return std::nullopt;
      begin_attempts(batch);
    }
    if (lane_->must_leave()) co_return LaneEnd::left;
    if (gives_up(batch, outcome)) {
      std::vector<DeadRecord> dead = rest(batch, outcome);
      const std::optional<LaneEnd> end = co_await settle(batch.count, std::move(dead), false);
      co_return end;
    }
    co_await wait_after(batch, outcome);
    if (lane_->must_leave()) co_return LaneEnd::left;
    ++batch.attempt.number;
  }
}

/// Without a place for dead letters nothing is ever given up.
bool RecordLane::gives_up(const Batch& batch, const RecordSink::Outcome& outcome) const {
  if (!has_dead_letters()) return false;
  const auto tried = lane_->services.clock().steady_now() - batch.begun;
  return outcome.permanent || tried >= std::chrono::seconds(destination_.retry_seconds);
}

std::vector<DeadRecord> RecordLane::refused(const Batch& batch, const RecordSink::Outcome& outcome) const {
  std::vector<DeadRecord> dead;
  for (const RecordSink::Failure& failure : outcome.failures)
    if (failure.index < outcome.settled)
      dead.push_back({held_[failure.index].view(), batch.attempt.number, failure.code, failure.message});
  return dead;
}

/// What the receiver has already although a record before it is not settled is no dead letter.
std::vector<DeadRecord> RecordLane::rest(const Batch& batch, const RecordSink::Outcome& outcome) const {
  const std::string code = outcome.permanent ? "Refused" : "RetryDurationExceeded";
  std::vector<DeadRecord> dead;
  for (std::size_t i = 0; i < batch.count; ++i) {
    const std::size_t index = outcome.settled + i;  // those in front are held no more
    if (std::ranges::binary_search(outcome.taken, index)) continue;
    const auto known = std::ranges::lower_bound(outcome.failures, index, {}, &RecordSink::Failure::index);
    if (known != outcome.failures.end() && known->index == index)
      dead.push_back({held_[i].view(), batch.attempt.number, known->code, known->message});
    else
      dead.push_back({held_[i].view(), batch.attempt.number, code, outcome.error});
  }
  return dead;
}

/// The first `count` records are taken, or are among `dead`: durable before anything else is sent.
Task<std::optional<LaneEnd>> RecordLane::settle(std::size_t count, std::vector<DeadRecord> dead, bool finished) {
  std::optional<DeadLetterRow> letter;
  if (!dead.empty()) {
    if (!has_dead_letters())
      co_return stand_still(
          {Errc::invalid_argument,
           "the receiver refused a record for good and there is no bucket for dead letters: " + dead.front().message});
    auto made = make_dead_letters(destination_, lane_->source, lane_->compiled->version, lane_->row.key.track, dead,
                                  lane_->services.clock().wall_now());
    if (!made) co_return stand_still(made.error());
    letter = *std::move(made);
  }
  LaneRow next = lane_->row;
  next.next = count < held_.size() ? held_[count].offset : position_;
  next.bucket_first = next.next;  // what went before was not for a bucket
  next.finished = finished;
  auto save = [this, next, letter] { return lane_->services.store->settle(next, letter); };
  const bool durable = co_await retry_.make_durable(save);
  if (!durable) co_return LaneEnd::left;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) bytes += held_[i].data.size();
  for (std::size_t i = 0; i < count; ++i) held_bytes_ -= held_[i].bytes();
  const std::size_t dead_count = dead.size();
  dead.clear();  // borrowed from what goes now
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
  lane_->row = next;
  lane_->publish_progress();
  retry_.succeeded();
  DeliveryMetrics& metrics = lane_->services.metrics;
  metrics.records.add(count - dead_count);
  metrics.bytes.add(bytes);
  metrics.dead_letters.add(dead_count);
  lane_->delivery->gave_up(dead_count);
  if (count > dead_count) lane_->delivery->delivered(count - dead_count, bytes, {}, lane_->services.clock().wall_now());
  if (finished) co_return LaneEnd::finished;
  if (letter) co_await wait_for_dead_letters();
  co_return std::nullopt;
}

/// Lets the store take dead letters before more of them are made than this gateway wants to keep.
Task<void> RecordLane::wait_for_dead_letters() {
  lane_->delivery->ring_for_letters();
  while (!lane_->must_leave()) {
    std::size_t waiting = 0;
    auto count = [&] {
      const std::string& bucket = destination_.dead_letters.objects.bucket;
      if (auto rows = lane_->services.store->dead_letters_waiting(lane_->row.key.delivery, bucket)) waiting = *rows;
    };
    co_await lane_->services.pool.run(count);
    if (waiting < lane_->services.options.dead_letters_waiting_max) co_return;
    co_await lane_->delivery->sleeper().sleep(lane_->services.options.watch_interval);
  }
}

Task<void> RecordLane::wait_after(const Batch& batch, const RecordSink::Outcome& outcome) {
  const EngineOptions& options = lane_->services.options;
  lane_->report_failure({Errc::unavailable, outcome.error});
  const std::uint64_t random = lane_->services.dependencies.entropy->next_u64();
  Milliseconds wait =
      sink_wait(batch.attempt.number, options.sink_first_wait, options.sink_wait_max, random, outcome.retry_after);
  if (has_dead_letters()) {
    const auto deadline = batch.begun + std::chrono::seconds(destination_.retry_seconds);
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - lane_->services.clock().steady_now());
    wait = std::clamp(wait, Milliseconds(0), std::max(left, Milliseconds(1)));
  }
  co_await lane_->delivery->sleeper().sleep(wait);
}

}  // namespace forebay::gateway::delivery
