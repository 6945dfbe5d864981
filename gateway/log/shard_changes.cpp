#include <algorithm>

#include "gateway/log/retention.h"
#include "gateway/log/sequencer.h"

/// The sequencer's changes of shard maps. Everything that was queued before is durable when one begins; everything behind
/// it that was routed by the old map goes back to its loop (sequencer.cpp, plan_put and plan_lane).
namespace forebay::gateway::log {

Result<void> Sequencer::change(ReshardWork& work) {
  const auto found = streams_.find(work.stream);
  if (found == streams_.end()) return Error{Errc::not_found, "the stream does not exist any more"};
  WallTime moment = arrival_.now();
  for (const ShardState& shard : found->second.shards) moment = std::max(moment, shard.last_arrival);
  FB_TRY(ShardsChange change, plan_reshard(found->second.log->definition, work.wish, moment));
  if (change.closed.empty() && work.attributes.empty()) return {};
  return commit_shards(found->second, std::move(change), work.attributes);
}

void Sequencer::expire_shards(WallTime now) {
  if (failure_) return;
  for (auto& [id, stream] : streams_) {
    ShardsChange change;
    change.stream = id;
    change.map_version = stream.log->definition.map_version + 1;
    change.expired = expired_shards(*stream.log, now);
    if (change.expired.empty()) continue;
    // A full journal refuses it; the next round tries again. Any other failure has ended the log.
    if (!commit_shards(stream, std::move(change))) return;
  }
}

Result<void> Sequencer::commit_shards(StreamState& stream, ShardsChange change,
                                      const std::vector<AttributeChange>& attributes) {
  for (ShardsChange::Close& close : change.closed)
    close.end = stream.shards[stream.log->index_of(close.shard)].end;
  const std::shared_ptr<const StreamLog> before = stream.log;
  const std::shared_ptr<StreamLog> after = with_change(*before, change, context_.budget);
  apply_changes(attributes, after->attributes);
  FB_CHECK(check_bounds(after->attributes));
  Buffer content;
  encode(change, content);
  Buffer settings;
  if (!attributes.empty()) {
    encode(AttributesChange{change.stream, {}, attributes}, settings);
    ++after->settings_version;
  }
  FB_CHECK(commit_changes(EntryType::shards, content, EntryType::attributes, settings));
  reshards_->add();
  adopt(after);
  publish_directory([&](Directory& directory) { directory.streams[change.stream] = after; });
  for (const ShardsChange::Close& close : change.closed) before->views[before->index_of(close.shard)]->release_waiters();
  for (const auto& view : views_gone(*before, *after)) {
    view->set_removed();
    view->wake_all();
  }
  return {};
}

}  // namespace forebay::gateway::log
