#include "gateway/log/replay.h"

#include "base/byte_reader.h"
#include "base/lineage.h"
#include "base/planted_bug.h"
#include "gateway/log/batch_cipher.h"

namespace forebay::gateway::log {

Result<void> Replay::apply(const spool::RecoveredEntry& entry) {
  if (entry.commit < log_->saved.applied) return {};
  ByteReader reader(entry.content);
  switch (static_cast<EntryType>(entry.type)) {
    case EntryType::records: return apply_records(entry.content);
    case EntryType::stream: return apply_stream(entry.content);
    case EntryType::stream_removed: return apply_removal(entry.content);
    case EntryType::shards: return apply_shards(entry.content);
    case EntryType::attributes: return apply_attributes(entry.content);
    case EntryType::lanes_forgotten: {
      std::array<std::uint8_t, 16> root{};
      const ByteView bytes = reader.bytes(root.size());
      std::copy(bytes.begin(), bytes.end(), root.begin());
      const std::uint64_t through = reader.u64_le();
      if (reader.ok()) log_->lanes.forget(root, through);
      return {};
    }
    case EntryType::lanes_raised: {
      const StreamId stream(reader.u64_le());
      const bool known = log_->directory.streams.contains(stream);
      for (std::uint32_t left = reader.u32_le(); left > 0 && reader.ok(); --left) {
        const Lineage lineage = read_lineage(reader);
        const std::uint64_t last = reader.u64_le();
        if (known && reader.ok()) log_->lanes.raise({lineage, stream}, last);
      }
      return {};
    }
    case EntryType::timeline: log_->directory.timeline = std::max(log_->directory.timeline, reader.u64_le()); return {};
  }
  return Error{Errc::unsupported,
               "journal entry of type " + std::to_string(entry.type) + ", written by a newer gateway"};
}

Result<void> Replay::apply_records(ByteView content) {
  FB_TRY(const RecordsEntry entry, decode_records(content));
  if (!FB_PLANTED_BUG("gateway.dedup_from_memory_only"))
    for (const EntryLane& lane : entry.header.lanes)
      if (log_->directory.streams.contains(lane.key.stream)) log_->lanes.merge(lane.key, lane.range);
  std::size_t position = 0;
  for (const EntryBatch& batch : entry.header.batches) {
    FB_CHECK(apply_batch(entry.header, batch, entry.bytes.subspan(position, batch.length)));
    position += batch.length;
  }
  if (context_->budget->is_half_full()) return write_segments();
  return {};
}

Result<void> Replay::apply_batch(const RecordsHeader& header, const EntryBatch& batch, ByteView bytes) {
  const auto stream = log_->directory.streams.find(batch.shard.stream);
  if (stream == log_->directory.streams.end()) return {};  // removed later
  const std::size_t index = stream->second->index_of(batch.shard.shard);
  if (index == stream->second->views.size()) return {};
  const std::shared_ptr<ShardView>& view = stream->second->views[index];
  if (batch.base < view->end()) {
    ++log_->skipped_batches;
    return {};
  }
  if (batch.base > view->end()) {
    ++log_->holes;
    logger_.error("records are missing between two parts of the journal: declared hole",
                  {{"stream", stream->second->definition.name},
                   {"shard", batch.shard.shard.value()},
                   {"from", view->end().value()},
                   {"to", batch.base.value()}});
  }
  TailBatch tail;
  tail.row = row_of(header, batch);
  tail.bytes = opened(batch.shard, tail.row, bytes);
  if (batch.seal.is_set()) tail.sealed = to_buffer(bytes);
  if (view->append(std::move(tail), context_->clock->steady_now())) context_->dirty->add(view);
  view->publish(batch.base + batch.record_count, batch.arrival);
  ++log_->replayed_batches;
  return {};
}

Buffer Replay::opened(ShardId shard, const SegmentRow& row, ByteView stored) {
  Buffer bytes = to_buffer(stored);
  const auto done = context_->cipher->open(shard, row, bytes);
  if (done) return bytes;
  if (done.error().code == Errc::corrupt) {
    ++log_->holes;
    logger_.error("an encrypted batch of the journal is damaged: declared hole", {{"error", done.error().context}});
  }
  return {};
}

Result<void> Replay::apply_stream(ByteView content) {
  FB_TRY(StreamDefinition definition, decode_definition(content));
  Directory& directory = log_->directory;
  const StreamId id = definition.id;
  const auto known = directory.streams.find(id);
  if (known == directory.streams.end() && id < log_->saved.next_stream) return {};  // removed before the checkpoint
  if (known != directory.streams.end() && known->second->definition.map_version > definition.map_version) {
    // The checkpoint knows a later map; its shards stand in segments already.
    definition.map_version = known->second->definition.map_version;
    definition.shards = known->second->definition.shards;
  }
  auto next = std::make_shared<StreamLog>();
  for (const ShardDefinition& shard : definition.shards) {
    const std::size_t index = known == directory.streams.end() ? 0 : known->second->index_of(shard.number);
    if (known != directory.streams.end() && index < known->second->views.size())
      next->views.push_back(known->second->views[index]);
    else
      next->views.push_back(
          std::make_shared<ShardView>(ShardId{id, shard.number}, opened_at(definition, shard), context_->budget));
  }
  next->definition = std::move(definition);
  if (known != directory.streams.end()) {
    next->attributes = known->second->attributes;
    forget_views(*known->second, *next);
  }
  directory.streams[id] = std::move(next);
  directory.next_stream = std::max(directory.next_stream, StreamId(id.value() + 1));
  return {};
}

Result<void> Replay::apply_shards(ByteView content) {
  FB_TRY(const ShardsChange change, decode_shards_change(content));
  const auto found = log_->directory.streams.find(change.stream);
  if (found == log_->directory.streams.end()) return {};  // removed later, or before the checkpoint
  const std::shared_ptr<const StreamLog> before = found->second;
  if (before->definition.map_version >= change.map_version) return {};
  check_ends(*before, change);
  found->second = with_change(*before, change, context_->budget);
  forget_views(*before, *found->second);
  return {};
}

Result<void> Replay::apply_attributes(ByteView content) {
  FB_TRY(const AttributesChange change, decode_attributes_change(content));
  Directory& directory = log_->directory;
  if (!change.account.empty()) {
    auto next = std::make_shared<Attributes>();
    if (const auto known = directory.accounts.find(change.account); known != directory.accounts.end())
      *next = *known->second;
    apply_changes(change.changes, *next);
    directory.accounts[change.account] = std::move(next);
    return {};
  }
  const auto found = directory.streams.find(change.stream);
  if (found == directory.streams.end()) return {};  // removed later, or before the checkpoint
  auto next = std::make_shared<StreamLog>(*found->second);
  apply_changes(change.changes, next->attributes);
  found->second = std::move(next);
  return {};
}

void Replay::check_ends(const StreamLog& stream, const ShardsChange& change) {
  for (const ShardsChange::Close& close : change.closed) {
    const std::size_t index = stream.index_of(close.shard);
    if (index == stream.views.size() || stream.views[index]->end() >= close.end) continue;
    ++log_->holes;
    logger_.error("the last records of a closed shard are missing: declared hole",
                  {{"stream", stream.definition.name},
                   {"shard", close.shard.value()},
                   {"from", stream.views[index]->end().value()},
                   {"to", close.end.value()}});
  }
}

void Replay::forget_views(const StreamLog& before, const StreamLog& after) {
  for (const auto& view : views_gone(before, after)) {
    view->set_removed();
    log_->writers.erase(view->id());
  }
}

Result<void> Replay::apply_removal(ByteView content) {
  ByteReader reader(content);
  const StreamId id(reader.u64_le());
  const auto found = log_->directory.streams.find(id);
  if (found == log_->directory.streams.end()) return {};
  for (const auto& view : found->second->views) {
    view->set_removed();
    log_->writers.erase(view->id());
  }
  log_->directory.streams.erase(found);
  log_->lanes.erase_stream(id);
  return {};
}

Result<void> Replay::write_segments() {
  const WallTime wall = context_->clock->wall_now();
  bool full = false;
  for (const auto& view : context_->dirty->take()) {
    if (view->is_removed()) continue;
    if (full) {
      context_->dirty->add(view);
      continue;
    }
    std::unique_ptr<SegmentWriter>& writer = log_->writers[view->id()];
    if (!writer) {
      writer = std::make_unique<SegmentWriter>(*context_->files, *context_->paths, context_->options->segment, view);
      writer->restore(nullptr, Offset(0));
    }
    const auto done = writer->write(SegmentWriter::Which::all, context_->clock->steady_now(), wall);
    // A full disk is no reason not to start: reads go on, and the batches stay in memory and in the journal.
    full = !done && done.error().code == Errc::no_space;
    if (full) {
      context_->dirty->add(view);
      continue;
    }
    FB_CHECK(done);
    view->clear_dirty();
  }
  return {};
}

}  // namespace forebay::gateway::log
