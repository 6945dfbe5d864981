#include "gateway/delivery/engine/record_lane.h"

#include <algorithm>

#include "gateway/delivery/engine/object_plan.h"

/// How records are read and held until they make a batch; how a batch is delivered stands in record_lane_deliver.cpp.
namespace forebay::gateway::delivery {

Task<LaneEnd> RecordLane::run(std::shared_ptr<Lane> lane) {
  RecordLane self(std::move(lane));
  const LaneEnd end = co_await self.work();
  co_return end;
}

Task<LaneEnd> RecordLane::work() {
  const auto* destination = std::get_if<RecordDestination>(&lane_->compiled->definition.destination);
  if (destination == nullptr) co_return LaneEnd::left;
  destination_ = *destination;
  position_ = lane_->row.next;
  std::optional<LaneEnd> end = co_await open_sink();
  while (!end) {
    if (lane_->must_leave()) co_return LaneEnd::left;
    end = co_await step();
  }
  co_return *end;
}

Task<std::optional<LaneEnd>> RecordLane::open_sink() {
  std::optional<Result<std::unique_ptr<RecordSink>>> made;
  auto call = [&] { made.emplace(lane_->services.dependencies.sinks->record_sink(destination_, lane_->source)); };
  co_await lane_->services.senders.run(lane_->delivery->senders(), call);
  if (!made->ok()) co_return stand_still(made->error());
  sink_.emplace(*lane_->delivery, **std::move(made));
  limits_ = (*sink_)->limits();
  co_return std::nullopt;
}

Task<std::optional<LaneEnd>> RecordLane::step() {
  if (!lane_->refresh()) co_return LaneEnd::gone;
  std::optional<LaneEnd> end;
  std::vector<DeadRecord> none;
  switch (next_step(filling())) {
    case FillStep::cut: end = co_await deliver_batch(); break;
    case FillStep::read: end = co_await read_page(); break;
    case FillStep::wait: end = co_await wait_for_more(); break;
    case FillStep::finish: end = co_await settle(0, std::move(none), true); break;
  }
  co_return end;
}

bool RecordLane::is_full() const {
  const std::size_t bytes_max = std::min<std::size_t>(limits_.bytes_max, destination_.buffering.size_mib * 1_MiB);
  return held_.size() >= limits_.records_max || held_bytes_ >= bytes_max;
}

Filling RecordLane::filling() {
  Filling lane;
  const stream::Offset end = lane_->end();
  lane.has_records = !held_.empty();
  lane.is_full = is_full();
  lane.has_more = position_ < end;
  lane.has_ended = lane_->has_ended();
  lane.interval = std::chrono::seconds(destination_.buffering.interval_seconds);
  if (!lane.has_records) return lane;
  lane.age = std::chrono::duration_cast<Milliseconds>(lane_->services.clock().steady_now() - since_);
  if (lane.age >= lane.interval && !target_) target_ = end;
  lane.caught_up = target_ && position_ >= *target_;
  return lane;
}

Task<std::optional<LaneEnd>> RecordLane::wait_for_more() {
  const Filling now = filling();
  Milliseconds wait = lane_->services.options.watch_interval;
  if (now.has_records) wait = std::min(wait, now.interval - now.age);
  const std::shared_ptr<const stream::Shard> shard = lane_->shard;
  auto end = co_await lane_->services.streams().wait_for_records(shard, position_, wait);
  if (!end && end.error().code != Errc::not_found) co_await lane_->delivery->sleeper().sleep(wait);
  co_return std::nullopt;
}

Task<std::optional<LaneEnd>> RecordLane::read_page() {
  const stream::Offset until = lane_->end();
  LaneRead read = co_await read_lane(lane_, position_);
  if (read.gone) co_return LaneEnd::gone;
  if (read.error) {
    co_await retry_.pause(*read.error);
    co_return std::nullopt;
  }
  if (read.lost) {
    std::optional<LaneEnd> end;
    if (!held_.empty())
      end = co_await deliver_batch();
    else
      end = co_await declare(*std::move(read.lost));
    co_return end;
  }
  const bool was_empty = held_.empty();
  const std::size_t before = held_bytes_;
  std::optional<Result<stream::Offset>> next;
  auto visitor = [&](const DeliveryRecord& record) {
    held_bytes_ += hold(record, lane_->compiled->definition.processing.deaggregate, held_);
    return !is_full();
  };
  auto call = [&] { next.emplace(visit_records(*read.page, position_, until, visitor, nullptr)); };
  co_await lane_->services.pool.run(call);
  if (!next->ok()) co_return stand_still(next->error());
  position_ = **next;
  if (was_empty && !held_.empty()) {
    since_ = lane_->services.clock().steady_now();
    target_.reset();
    const WallTime oldest = held_.front().arrival;
    lane_->delivery->change_progress(lane_->row.key, [&](LaneProgress& progress) { progress.oldest = oldest; });
  }
  const std::uint64_t bytes = held_bytes_ - before;
  co_await keep_rate(lane_, bytes);
  co_return std::nullopt;
}

/// Records that can be read no more: their loss goes where dead letters go.
Task<std::optional<LaneEnd>> RecordLane::declare(LostRange lost) {
  if (lane_->row.until) lost.to = std::min(lost.to, *lane_->row.until);
  Cut cut;
  cut.source = lane_->source;
  cut.version = lane_->compiled->version;
  cut.replay = lane_->row.key.track;
  cut.first = lost.from;
  cut.last = stream::Offset(lost.to.value() - 1);
  cut.oldest = lane_->services.clock().wall_now();
  std::optional<DeadLetterRow> letter;
  if (has_dead_letters()) {
    auto made = make_loss_letter(destination_, cut, lost.reason);
    if (!made) co_return stand_still(made.error());
    letter = *std::move(made);
  }
  LaneRow next = lane_->row;
  next.next = next.bucket_first = lost.to;
  auto save = [this, next, letter] { return lane_->services.store->settle(next, letter); };
  const bool durable = co_await retry_.make_durable(save);
  if (!durable) co_return LaneEnd::left;
  lane_->row = next;
  position_ = lost.to;
  lane_->publish_progress();
  lane_->report_loss(cut, lost.reason);
  lane_->delivery->ring_for_letters();
  co_return std::nullopt;
}

LaneEnd RecordLane::stand_still(const Error& error) {
  lane_->stand_still(error);
  return LaneEnd::failed;
}

}  // namespace forebay::gateway::delivery
