#include "gateway/delivery/engine/delivery_state.h"

#include <algorithm>

namespace forebay::gateway::delivery {

DeliveryInfo DeliveryState::info() const {
  const std::scoped_lock lock(mutex_);
  return info_;
}

void DeliveryState::set_info(DeliveryInfo info) {
  const std::scoped_lock lock(mutex_);
  info_ = std::move(info);
}

CompiledPtr DeliveryState::compiled() const {
  const std::scoped_lock lock(mutex_);
  return compiled_;
}

void DeliveryState::set_compiled(CompiledPtr compiled) {
  const std::scoped_lock lock(mutex_);
  compiled_ = std::move(compiled);
}

void DeliveryState::raise_generation() {
  generation_.fetch_add(1);
  const std::scoped_lock lock(mutex_);
  for (RecordSink* sink : sinks_) sink->cancel();
}

void DeliveryState::delivered(std::uint64_t records, std::uint64_t bytes, const std::string& object, WallTime now) {
  const std::scoped_lock lock(mutex_);
  status_.delivered_records += records;
  status_.delivered_bytes += bytes;
  if (!object.empty()) status_.last_object = object;
  status_.last_success = now;
}

void DeliveryState::failed(const std::string& error, WallTime now) {
  const std::scoped_lock lock(mutex_);
  status_.last_error = error;
  status_.last_error_time = now;
}

void DeliveryState::gave_up(std::uint64_t records) {
  const std::scoped_lock lock(mutex_);
  status_.dead_letters += records;
}

void DeliveryState::set_progress(const LaneKey& key, LaneProgress progress) {
  const std::scoped_lock lock(mutex_);
  lanes_.insert_or_assign(key, std::move(progress));
}

void DeliveryState::drop_progress(const LaneKey& key) {
  const std::scoped_lock lock(mutex_);
  lanes_.erase(key);
}

std::map<LaneKey, LaneProgress> DeliveryState::progress() const {
  const std::scoped_lock lock(mutex_);
  return lanes_;
}

DeliveryStatus DeliveryState::status(WallTime now) const {
  const std::scoped_lock lock(mutex_);
  DeliveryStatus status = status_;
  for (const auto& [key, lane] : lanes_) {
    if (key.track != kLiveTrack && key.track != kBackupTrack) continue;
    status.open_partitions += lane.open_partitions;
    const std::uint64_t behind = lane.behind();
    if (key.track == kLiveTrack) status.records_behind += behind;
    if (behind > 0 && lane.oldest) status.lag = std::max<Milliseconds>(status.lag, now - *lane.oldest);
  }
  return status;
}

void DeliveryState::set_replay(const ReplayRow& replay) {
  const std::scoped_lock lock(mutex_);
  replays_.insert_or_assign(replay.id, replay);
}

void DeliveryState::finish_replay(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = replays_.find(id); found != replays_.end()) found->second.finished = true;
}

void DeliveryState::drop_replay(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  replays_.erase(id);
  replay_errors_.erase(id);
}

std::vector<ReplayRow> DeliveryState::replays() const {
  const std::scoped_lock lock(mutex_);
  std::vector<ReplayRow> rows;
  for (const auto& [id, row] : replays_) rows.push_back(row);
  return rows;
}

std::vector<ReplayStatus> DeliveryState::replay_status() const {
  const std::scoped_lock lock(mutex_);
  std::vector<ReplayStatus> all;
  for (const auto& [id, row] : replays_) {
    ReplayStatus status;
    status.id = id;
    status.records_total = row.records_total;
    status.finished = row.finished;
    if (row.finished) status.records_done = row.records_total;
    for (const auto& [key, lane] : lanes_)
      if (key.track == id) status.records_done += static_cast<std::uint64_t>(lane.next.value() - lane.first.value());
    if (const auto error = replay_errors_.find(id); error != replay_errors_.end()) status.last_error = error->second;
    all.push_back(std::move(status));
  }
  return all;
}

void DeliveryState::replay_failed(const std::string& id, const std::string& error) {
  const std::scoped_lock lock(mutex_);
  if (replays_.contains(id)) replay_errors_[id] = error;
}

void DeliveryState::add_sink(RecordSink& sink) {
  const std::scoped_lock lock(mutex_);
  sinks_.insert(&sink);
}

void DeliveryState::remove_sink(RecordSink& sink) {
  const std::scoped_lock lock(mutex_);
  sinks_.erase(&sink);
}

}  // namespace forebay::gateway::delivery
