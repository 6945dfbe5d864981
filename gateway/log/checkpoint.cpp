#include <algorithm>
#include <chrono>

#include "base/planted_bug.h"
#include "gateway/log/failpoint.h"
#include "gateway/log/file_tree.h"
#include "gateway/log/lane_snapshot.h"
#include "gateway/log/segment_keeper.h"
#include "gateway/log/stream_keys.h"

/// The checkpoint: what it must do in which order. Only segment_keeper.h calls it.
namespace forebay::gateway::log {
namespace {

/// A failed sync is final, whatever the system called it (rule 1.3.2).
Result<void> final_error(Result<void> result) {
  if (!result) result.error().code = Errc::io;
  return result;
}

bool is_encrypted(const Directory& directory) {
  return std::any_of(directory.streams.begin(), directory.streams.end(),
                     [](const auto& stream) { return has_data_keys(stream.second->attributes); });
}

/// Frees what the catalogue has applied, oldest first and each durable before the next, so that no crash leaves a gap
/// among the files. The newest always stays: its number keeps later positions above the one the catalogue remembers.
Result<void> free_journal(spool::Journal& journal, spool::JournalPosition applied) {
  const auto files = journal.file_infos();
  for (std::size_t i = 0; i + 1 < files.size() && files[i].number < applied.file; ++i)
    FB_CHECK(journal.free_before({files[i].number + 1, 0}));
  return {};
}

}  // namespace

Result<void> SegmentKeeper::checkpoint() {
  const SteadyTime started = context_.clock->steady_now();
  // Everything before this position stands in views, lanes and directory; what is saved below may already hold more,
  // and replaying that again changes nothing.
  const JournalProgress::State progress = context_.progress->get();
  const auto directory = context_.directory->get();
  forget_removed();
  collect();
  last_checkpoint_ = started;
  if (!has_changes(progress, directory.get())) return {};
  failpoint(Failpoint::checkpoint_started);
  FB_CHECK(write(SegmentWriter::Which::all));
  context_.sequencer->wake();
  CatalogState next = saved_;
  next.is_new = false;
  next.applied = progress.published;
  next.timeline = directory->timeline;
  if (is_encrypted(*directory)) next.format = kSealedCatalogFormat;
  next.next_stream = directory->next_stream;
  if (FB_PLANTED_BUG("gateway.free_before_sync"))
    context_.sequencer->call([&](Sequencer& s) { (void)s.journal().free_before(s.journal().end()); });
  if (!FB_PLANTED_BUG("gateway.catalog_before_sync")) FB_CHECK(sync_segments());
  if (FB_PLANTED_BUG("gateway.remove_before_catalog")) {
    std::swap(removable_, dropped_);
    FB_CHECK(remove_files());
  }
  FB_CHECK(save_lanes(next));
  auto saved = save_catalog(*directory, next);
  if (!saved) {
    store_.rollback();
    return saved;
  }
  if (FB_PLANTED_BUG("gateway.catalog_before_sync")) FB_CHECK(sync_segments());
  remember(directory, std::move(next), progress.bytes);
  failpoint(Failpoint::before_journal_free);
  Result<void> freed;
  context_.sequencer->call([&](Sequencer& s) { freed = free_journal(s.journal(), saved_.applied); });
  FB_CHECK(std::move(freed));
  failpoint(Failpoint::journal_freed);
  context_.metrics->counter(kCheckpointsMetric).add();
  context_.metrics->histogram(kCheckpointMillisMetric)
      .observe(static_cast<std::uint64_t>(
          std::chrono::duration_cast<Milliseconds>(context_.clock->steady_now() - started).count()));
  return remove_files();
}

void SegmentKeeper::remember(const std::shared_ptr<const Directory>& directory, CatalogState next,
                             std::uint64_t journal_bytes) {
  saved_shards_.swap(next_shards_);
  // A shard that is younger than the directory has no row yet and stays on the list.
  std::erase_if(changed_, [&](const ShardId& id) {
    if (!saved_shards_.contains(id)) return false;
    settle_shard(id);
    return true;
  });
  for (const auto& [id, stream] : saved_streams_)
    if (!directory->streams.contains(id)) removable_streams_.push_back(id);
  std::erase_if(removed_streams_, [&](StreamId id) {
    if (directory->streams.contains(id)) return false;
    if (!saved_streams_.contains(id)) removable_streams_.push_back(id);
    return true;
  });
  saved_streams_ = directory->streams;
  saved_directory_ = directory;
  removable_.insert(removable_.end(), dropped_.begin(), dropped_.end());
  dropped_.clear();
  removable_shards_.insert(removable_shards_.end(), gone_shards_.begin(), gone_shards_.end());
  saved_ = std::move(next);
  saved_bytes_ = journal_bytes;
  saved_lanes_version_ = next_lanes_version_;
}

bool SegmentKeeper::has_changes(const JournalProgress::State& progress, const Directory* directory) {
  std::uint64_t lanes_version = 0;
  context_.sequencer->call([&](Sequencer& s) { lanes_version = s.lanes().version(); });
  return progress.published != saved_.applied || directory != saved_directory_.get() || !changed_.empty() ||
         !dropped_.empty() || !unwritten_.empty() || lanes_version != saved_lanes_version_;
}

Result<void> SegmentKeeper::sync_segments() {
  std::set<std::string> folders;
  for (const ShardId& id : changed_) {
    const auto found = writers_.find(id);
    if (found != writers_.end()) FB_CHECK(final_error(found->second->sync(folders)));
  }
  failpoint(Failpoint::segments_synced);
  if (!folders.empty()) folders.insert(context_.paths->data);
  if (FB_PLANTED_BUG("gateway.no_directory_sync")) folders.clear();
  for (const std::string& folder : folders) FB_CHECK(final_error(context_.files->sync_directory(folder)));
  failpoint(Failpoint::directories_synced);
  return {};
}

Result<void> SegmentKeeper::save_lanes(CatalogState& next) {
  std::uint64_t version = 0;
  std::map<std::array<std::uint8_t, 16>, std::uint64_t> forgotten;
  context_.sequencer->call([&](Sequencer& s) {
    version = s.lanes().version();
    forgotten = s.lanes().forgotten();
  });
  next_lanes_version_ = saved_lanes_version_;
  if (version == saved_lanes_version_) return {};
  if (FB_PLANTED_BUG("gateway.dedup_from_memory_only")) return {};
  const std::uint64_t generation = saved_.lanes_generation + 1;
  FB_TRY(auto writer, LaneSnapshotWriter::open(*context_.files, context_.paths->lanes(generation), generation));
  FB_CHECK(writer.add_forgotten(forgotten));
  for (std::size_t part = 0; part < LaneTable::kParts; ++part) {
    // A slice at a time, so that the sequencer never stands still for a million lanes.
    std::vector<std::pair<LaneKey, Lane>> lanes;
    context_.sequencer->call([&](Sequencer& s) { lanes = s.lanes().part(part); });
    FB_CHECK(writer.add_lanes(lanes));
  }
  FB_CHECK(writer.finish());
  next.lanes_generation = generation;
  next_lanes_version_ = version;
  return {};
}

Result<void> SegmentKeeper::save_catalog(const Directory& directory, const CatalogState& next) {
  FB_CHECK(store_.begin());
  for (const auto& [id, stream] : saved_streams_) {
    if (!directory.streams.contains(id)) FB_CHECK(store_.remove_stream(id));
  }
  for (const auto& [id, stream] : directory.streams) {
    const auto known = saved_streams_.find(id);
    const bool is_new = known == saved_streams_.end();
    if (is_new || known->second != stream) {
      FB_CHECK(store_.save(stream->definition));
      FB_CHECK(store_.save(id, {}, stream->attributes));
    }
    FB_CHECK(save_shards(*stream));
  }
  FB_CHECK(save_accounts(directory));
  FB_CHECK(remove_shard_rows(directory));
  for (const SegmentIdentity& segment : dropped_) FB_CHECK(store_.remove(segment));
  FB_CHECK(store_.save_progress(next));
  failpoint(Failpoint::catalog_updated);
  FB_CHECK(store_.commit());
  failpoint(Failpoint::catalog_committed);
  return {};
}

Result<void> SegmentKeeper::save_accounts(const Directory& directory) {
  for (const auto& [account, attributes] : directory.accounts) {
    if (saved_directory_) {
      const auto known = saved_directory_->accounts.find(account);
      if (known != saved_directory_->accounts.end() && known->second == attributes) continue;
    }
    FB_CHECK(store_.save(StreamId(0), account, *attributes));
  }
  return {};
}

Result<void> SegmentKeeper::save_shards(const StreamLog& stream) {
  for (const auto& view : stream.views) {
    if (changed_.contains(view->id())) {
      FB_CHECK(save_shard(*writers_.at(view->id())));
    } else if (!saved_shards_.contains(view->id())) {
      FB_CHECK(store_.save(CatalogShard{view->id(), Offset(0), Offset(0), view->created(), {}}));
    }
  }
  return {};
}

Result<void> SegmentKeeper::remove_shard_rows(const Directory& directory) {
  next_shards_.clear();
  for (const auto& [id, stream] : directory.streams)
    for (const auto& view : stream->views) next_shards_.insert(view->id());
  gone_shards_.clear();
  for (const ShardId& id : saved_shards_) {
    if (next_shards_.contains(id) || !directory.streams.contains(id.stream)) continue;
    FB_CHECK(store_.remove_shard(id));
    gone_shards_.push_back(id);
  }
  return {};
}

Result<void> SegmentKeeper::save_shard(const SegmentWriter& writer) {
  const ShardView& view = *writer.view();
  const auto segments = view.segments();
  CatalogShard shard;
  shard.id = view.id();
  shard.start = view.start();
  shard.end = writer.written();
  shard.last_arrival = segments->empty() ? view.last_arrival() : segments->back()->extent().last_arrival;
  FB_CHECK(store_.save(shard));
  for (auto segment = segments->rbegin(); segment != segments->rend(); ++segment) {
    const CatalogSegment row{(*segment)->identity, (*segment)->created, (*segment)->closed.load(),
                             (*segment)->extent()};
    if (row.extent.rows == 0) continue;
    if ((*segment)->saved_closed) break;
    FB_CHECK(store_.save(row));
  }
  return {};
}

void SegmentKeeper::settle_shard(ShardId id) {
  const auto found = writers_.find(id);
  if (found == writers_.end()) return;
  found->second->close_files();
  const auto segments = found->second->view()->segments();
  for (const auto& segment : *segments) segment->saved_closed = segment->closed.load();
}

Result<void> SegmentKeeper::remove_files() {
  failpoint(Failpoint::before_file_removal);
  std::set<std::string> folders;
  for (const SegmentIdentity& segment : removable_) {
    // Gone already is as good as removed; any other failure leaves a file that the next start removes.
    (void)context_.files->remove(context_.paths->segment(segment.shard, segment.base));
    (void)context_.files->remove(context_.paths->rows(segment.shard, segment.base));
    folders.insert(context_.paths->shard(segment.shard));
  }
  removable_.clear();
  for (const ShardId& shard : removable_shards_) {
    FB_CHECK(remove_tree(*context_.files, context_.paths->shard(shard)));
    folders.insert(context_.paths->stream(shard.stream));
  }
  removable_shards_.clear();
  for (const StreamId stream : removable_streams_) FB_CHECK(remove_stream_files(stream));
  if (!removable_streams_.empty()) folders.insert(context_.paths->streams());
  removable_streams_.clear();
  for (const std::string& folder : folders)
    if (const auto there = context_.files->stat(folder); there && *there) (void)context_.files->sync_directory(folder);
  failpoint(Failpoint::files_removed);
  return {};
}

Result<void> SegmentKeeper::remove_stream_files(StreamId stream) {
  return remove_tree(*context_.files, context_.paths->stream(stream));
}

}  // namespace forebay::gateway::log
