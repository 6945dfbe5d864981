#include <algorithm>

#include "gateway/delivery/engine/delivery_runner.h"
#include "gateway/delivery/engine/object_plan.h"

/// What lanes a delivery stream should have, by its definition and the shard map of its source.
namespace forebay::gateway::delivery {

Task<void> DeliveryRunner::reconcile() {
  const CompiledPtr compiled = state_->compiled();
  if (!compiled) co_return;  // the status says why; what its lanes need is held
  const stream::StreamPtr stream = services_.streams().find(state_->info().account, compiled->definition.source_stream);
  if (!stream) {
    state_->failed("the source stream " + compiled->definition.source_stream + " does not exist",
                   services_.clock().wall_now());
    co_return;
  }
  co_await add_new_shards(stream, compiled);
  co_await remove_old_lanes(stream, compiled);
  co_await end_replays();
  // Both may have changed meanwhile.
  if (const CompiledPtr now = state_->compiled(); now && !is_over() && !state_->info().paused)
    start_lanes(*stream, now);
  co_await date_waiting_lanes(stream);
  show();
}

/// Shards that opened since the delivery stream was made are delivered from their first record on. A copy that is new
/// begins where the live track is.
Task<void> DeliveryRunner::add_new_shards(stream::StreamPtr stream, CompiledPtr compiled) {
  std::vector<LaneRow> fresh;
  for (const auto& shard : stream->shards) {
    const LaneKey live{state_->id(), stream->id, shard->number, std::string(kLiveTrack)};
    const LaneKey copy{state_->id(), stream->id, shard->number, std::string(kBackupTrack)};
    LaneRow row;
    row.timeline = services_.streams().timeline();
    if (const auto known = slots_.find(live); known != slots_.end()) {
      row.first = row.next = known->second.row.next;
      row.finished = known->second.row.finished;
    } else {
      row.key = live;
      fresh.push_back(row);
    }
    if (!slots_.contains(copy) && object_plan(compiled->definition, kBackupTrack)) {
      row.key = copy;
      fresh.push_back(row);
    }
  }
  if (!fresh.empty()) {
    Result<void> saved;
    auto save = [&] { saved = services_.checked(services_.store->save(fresh)); };
    co_await services_.pool.run(save);
    if (!saved) {
      state_->failed(saved.error().context, services_.clock().wall_now());
      co_return;
    }
    for (const LaneRow& row : fresh) slots_[row.key].row = row;
  }
  const auto known = state_->progress();
  for (const auto& [key, slot] : slots_) {
    const auto shard = key.stream == stream->id && !known.contains(key) ? stream->shard(key.shard) : nullptr;
    if (shard && !slot.drop) adopt_slot(slot.row, shard);
  }
}

bool DeliveryRunner::is_wanted(const Slot& slot, const stream::Stream& stream, const CompiledPtr& compiled) const {
  const LaneKey& key = slot.row.key;
  if (key.stream != stream.id) return false;  // of a stream that had the name before
  // An expired shard that was not delivered is kept until its lane has declared the loss; a restart forgets its size.
  if (!stream.shard(key.shard) && (slot.row.finished || !state_->progress().contains(key))) return false;
  if (key.track == kLiveTrack) return true;
  if (key.track == kBackupTrack) return object_plan(compiled->definition, kBackupTrack).has_value();
  const auto replays = state_->replays();
  return std::any_of(replays.begin(), replays.end(), [&](const ReplayRow& row) { return row.id == key.track; });
}

Task<void> DeliveryRunner::remove_old_lanes(stream::StreamPtr stream, CompiledPtr compiled) {
  std::vector<LaneKey> old;
  for (const auto& [key, slot] : slots_)
    if (!slot.at_work && !is_wanted(slot, *stream, compiled)) old.push_back(key);
  if (old.empty()) co_return;
  auto remove = [&] {
    for (const LaneKey& key : old) (void)services_.checked(services_.store->remove_lane(key));  // else at the next look
  };
  co_await services_.pool.run(remove);
  for (const LaneKey& key : old) {
    if (!slots_[key].row.finished && key.stream == stream->id && key.track == kLiveTrack)
      services_.logger.error(
          "a shard expired while the gateway was down, before it was delivered",
          {{"stream", stream->name}, {"shard", key.shard.value()}, {"from", slots_[key].row.next.value()}});
    release(key);
    slots_.erase(key);
  }
}

bool DeliveryRunner::parents_are_delivered(const stream::Shard& shard, const stream::Stream& stream,
                                           const std::string& track) const {
  for (const std::optional<stream::ShardNumber>& parent : {shard.parent, shard.adjacent_parent}) {
    if (!parent || !stream.shard(*parent)) continue;
    const auto slot = slots_.find({state_->id(), stream.id, *parent, track});
    if (slot != slots_.end() && !slot->second.row.finished) return false;
  }
  return true;
}

void DeliveryRunner::start_lanes(const stream::Stream& stream, const CompiledPtr& compiled) {
  const std::uint64_t generation = state_->generation();
  const auto progress = state_->progress();
  for (auto& [key, slot] : slots_) {
    if (slot.at_work || slot.drop || slot.row.finished || slot.failed_generation == generation) continue;
    if (!is_wanted(slot, stream, compiled)) continue;  // removed at the next look
    auto shard = stream.shard(key.shard);
    if (const auto known = progress.find(key); !shard && known != progress.end()) shard = known->second.shard;
    if (shard && parents_are_delivered(*shard, stream, key.track)) start_lane(slot, stream, shard, compiled);
  }
}

Task<void> DeliveryRunner::end_replays() {
  const std::vector<ReplayRow> replays = state_->replays();
  for (const ReplayRow& replay : replays) {
    if (replay.finished) continue;
    const bool under_way = std::any_of(slots_.begin(), slots_.end(), [&](const auto& entry) {
      return entry.first.track == replay.id && !entry.second.row.finished;
    });
    if (under_way) continue;
    Result<void> done;
    auto finish = [&] { done = services_.checked(services_.store->finish_replay(replay.delivery, replay.id)); };
    co_await services_.pool.run(finish);
    if (!done) co_return;
    state_->finish_replay(replay.id);
    drop_track(replay.id);
  }
}

/// Lanes that do not read at the moment (paused, waiting for parents, standing still) have an age too.
Task<void> DeliveryRunner::date_waiting_lanes(stream::StreamPtr stream) {
  const auto progress = state_->progress();
  for (const auto& [key, lane] : progress) {
    const auto slot = slots_.find(key);
    if (lane.behind() == 0 || lane.oldest || slot == slots_.end() || slot->second.at_work) continue;
    if (key.stream != stream->id) continue;
    const std::shared_ptr<const stream::Shard> shard = lane.shard;
    auto read = co_await services_.streams().read(shard, lane.next, 1);
    if (!read || read->batches.empty()) continue;
    const WallTime arrival = read->batches.front().arrival;
    const stream::Offset next = lane.next;
    state_->change_progress(key, [&](LaneProgress& now) {
      if (now.next == next) now.oldest = arrival;
    });
  }
}

void DeliveryRunner::show() {
  const DeliveryInfo info = state_->info();
  const DeliveryStatus status = state_->status(services_.clock().wall_now());
  MetricsRegistry& registry = services_.metrics.registry;
  registry.gauge(kDeliveryMetricRows[11], {info.account, info.name}).set(status.lag.count());
  registry.gauge(kDeliveryMetricRows[12], {info.account, info.name})
      .set(static_cast<std::int64_t>(status.records_behind));
}

}  // namespace forebay::gateway::delivery
