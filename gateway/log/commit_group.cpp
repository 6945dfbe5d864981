#include <chrono>

#include "base/planted_bug.h"
#include "gateway/log/failpoint.h"
#include "gateway/log/sequencer.h"
#include "wire/kafka/record_batch.h"

/// The sequencer's commit: offsets, one journal commit, publication. sequencer.cpp decides what takes part.
namespace forebay::gateway::log {

void Sequencer::assign(StreamState& stream, std::vector<BatchPart>& parts, std::uint32_t lane, Planned& planned) {
  for (BatchPart& part : parts) {
    ShardState& shard = stream.shards[stream.log->index_of(part.shard)];
    part.base = shard.end;
    part.arrival = std::max(shard.last_arrival, group_time_);
    shard.end = shard.end + part.record_count;
    shard.last_arrival = part.arrival;
    shard.touched = true;
    wire::kafka::set_base_offset(part.bytes, part.base.value());
    if (part.seal.is_set()) wire::kafka::set_base_offset(part.sealed, part.base.value());
    EntryBatch batch;
    batch.shard = shard.view->id();
    batch.lane = lane;
    batch.base = part.base;
    batch.record_count = part.record_count;
    batch.length = static_cast<std::uint32_t>(part.bytes.size());
    batch.seal = part.seal;
    batch.arrival = part.arrival;
    batch.max_timestamp_ms = part.max_timestamp_ms;
    planned.header.batches.push_back(batch);
    planned.parts.emplace_back(&shard, &part);
  }
}

bool Sequencer::build_entries() {
  headers_.clear();
  std::size_t parts = 0;
  const std::uint64_t timeline = context_.directory->get()->timeline;
  for (std::size_t i = 0; i < group_size_; ++i) {
    Planned& planned = group_[i];
    if (planned.header.batches.empty() && planned.header.lanes.empty()) continue;
    planned.header.timeline = timeline;
    const std::size_t before = headers_.size();
    encode(planned.header, headers_);
    planned.header_size = headers_.size() - before;
    parts += 1 + planned.parts.size();
  }
  if (parts == 0) return false;
  views_.clear();
  views_.reserve(parts);
  entries_.clear();
  std::size_t position = 0;
  std::uint64_t bytes = headers_.size();
  for (std::size_t i = 0; i < group_size_; ++i) {
    const Planned& planned = group_[i];
    if (planned.header_size == 0) continue;
    const std::size_t first = views_.size();
    views_.push_back(ByteView(headers_).subspan(position, planned.header_size));
    position += planned.header_size;
    for (const auto& [shard, part] : planned.parts) {
      views_.emplace_back(part->stored());
      bytes += part->bytes.size();
    }
    entries_.push_back({static_cast<std::uint16_t>(EntryType::records),
                        std::span<const ByteView>(views_).subspan(first, 1 + planned.parts.size())});
  }
  group_bytes_ = bytes;
  return true;
}

Result<void> Sequencer::commit_group() {
  if (!build_entries()) return {};
  failpoint(Failpoint::before_commit);
  if (FB_PLANTED_BUG("gateway.publish_before_commit"))
    for (std::size_t i = 0; i < group_size_; ++i)
      for (auto& [shard, part] : group_[i].parts) shard->view->publish(shard->end, shard->last_arrival);
  const SteadyTime started = context_.clock->steady_now();
  FB_TRY(const spool::JournalPosition at, journal_->commit(entries_));
  (void)at;
  failpoint(Failpoint::after_commit);
  last_sync_ = std::chrono::duration_cast<std::chrono::microseconds>(context_.clock->steady_now() - started);
  commit_us_->observe(static_cast<std::uint64_t>(last_sync_.count()));
  commits_->add();
  return {};
}

void Sequencer::acknowledge_too_early() {
#ifdef FOREBAY_PLANTED_BUGS
  std::vector<Buffer> copies;
  if (build_entries())
    for (const ByteView view : views_) copies.push_back(to_buffer(view));
  std::vector<ByteView> kept(copies.begin(), copies.end());
  for (spool::JournalEntry& entry : entries_)
    entry.parts = std::span<const ByteView>(kept).subspan(static_cast<std::size_t>(entry.parts.data() - views_.data()),
                                                          entry.parts.size());
  publish_group();
  finish_group();
  deliver();
  if (!kept.empty())
    if (auto late = journal_->commit(entries_); !late) failed(late.error());
#endif
}

void Sequencer::publish_group() {
  const SteadyTime now = context_.clock->steady_now();
  std::vector<ShardState*> touched;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < group_size_; ++i) {
    Planned& planned = group_[i];
    for (std::size_t j = 0; j < planned.parts.size(); ++j) {
      auto [shard, part] = planned.parts[j];
      const EntryBatch& batch = planned.header.batches[j];
      TailBatch tail;
      tail.row = row_of(planned.header, batch);
      tail.bytes = std::move(part->bytes);
      tail.sealed = std::move(part->sealed);
      records += batch.record_count;
      bytes += batch.length;
      if (shard->view->append(std::move(tail), now)) context_.dirty->add(shard->view);
      if (std::exchange(shard->touched, false)) touched.push_back(shard);
    }
  }
  for (ShardState* shard : touched) shard->view->publish(shard->end, shard->last_arrival);
  failpoint(Failpoint::shard_published);
  records_->add(records);
  bytes_->add(bytes);
  context_.progress->advance(journal_->end(), group_bytes_);
}

void Sequencer::undo_group() {
  for (std::size_t i = 0; i < group_size_; ++i) {
    for (auto& [shard, part] : group_[i].parts) {
      shard->end = shard->view->end();
      shard->last_arrival = shard->view->last_arrival();
      shard->touched = false;
    }
  }
  for (auto undo = lane_undo_.rbegin(); undo != lane_undo_.rend(); ++undo) lanes_.restore(undo->first, undo->second);
}

}  // namespace forebay::gateway::log
