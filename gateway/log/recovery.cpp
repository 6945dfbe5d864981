#include "gateway/log/recovery.h"

#include <charconv>
#include <set>

#include "base/planted_bug.h"
#include "gateway/log/failpoint.h"
#include "gateway/log/file_tree.h"
#include "gateway/log/lane_snapshot.h"
#include "gateway/log/replay.h"

namespace forebay::gateway::log {
namespace {

/// Cuts a file to its checkpointed end. False: missing or short.
Result<bool> cut(FileSystem& files, const std::string& path, std::uint64_t size) {
  FB_TRY(const auto info, files.stat(path));
  if (!info || info->size < size) return false;
  if (info->size == size) return true;
  FB_TRY(auto file, files.open(path, OpenMode::read_write));
  FB_CHECK(file->truncate(size));
  return true;
}

class Restore {
 public:
  Restore(const RecoveryContext& context, RecoveredLog& log, Logger logger)
      : context_(&context), log_(&log), logger_(logger) {}

  Result<void> run() {
    std::map<ShardId, const CatalogShard*> shards;
    for (const CatalogShard& shard : log_->saved.shards) shards[shard.id] = &shard;
    for (const StreamDefinition& definition : log_->saved.streams) {
      auto stream = std::make_shared<StreamLog>();
      stream->definition = definition;
      for (const ShardDefinition& shard : definition.shards) {
        const ShardId id{definition.id, shard.number};
        auto view = std::make_shared<ShardView>(id, opened_at(definition, shard), context_->budget);
        if (const auto saved = shards.find(id); saved != shards.end()) FB_CHECK(restore_shard(*saved->second, view));
        stream->views.push_back(std::move(view));
      }
      if (const auto saved = log_->saved.attributes.find(definition.id); saved != log_->saved.attributes.end())
        stream->attributes = saved->second;
      FB_CHECK(remove_unknown_shards(*stream));
      log_->directory.streams[definition.id] = std::move(stream);
    }
    for (const auto& [account, attributes] : log_->saved.accounts)
      log_->directory.accounts[account] = std::make_shared<const Attributes>(attributes);
    return remove_unknown_streams();
  }

 private:
  Result<void> restore_shard(const CatalogShard& saved, const std::shared_ptr<ShardView>& view) {
    auto writer = std::make_unique<SegmentWriter>(*context_->files, *context_->paths, context_->options->segment, view);
    std::shared_ptr<SegmentInfo> active;
    std::set<Offset> known;
    Offset end = saved.end;
    for (const CatalogSegment& segment : saved.segments) {
      auto info = std::make_shared<SegmentInfo>(segment.identity, segment.created);
      info->publish(segment.extent);
      FB_TRY(const bool whole, cut_segment(segment));
      info->closed.store(segment.closed || !whole);
      info->saved_closed = segment.closed;
      if (FB_PLANTED_BUG("gateway.recovery_trusts_rows") && !segment.closed) end = trust_rows(*info, end);
      if (!segment.closed && whole) active = info;
      known.insert(segment.identity.base);
      view->add_segment(std::move(info));
    }
    view->restore(saved.start, end, std::max(saved.last_arrival, view->created()));
    writer->restore(active, end);
    log_->writers[saved.id] = std::move(writer);
    return remove_unknown_segments(saved, known);
  }

  Result<bool> cut_segment(const CatalogSegment& segment) {
    const SegmentIdentity& identity = segment.identity;
    if (FB_PLANTED_BUG("gateway.recovery_trusts_rows")) return true;
    FB_TRY(const bool data, cut(*context_->files, context_->paths->segment(identity.shard, identity.base),
                                segment.extent.bytes));
    FB_TRY(const bool rows, cut(*context_->files, context_->paths->rows(identity.shard, identity.base),
                                row_position(segment.extent.rows)));
    if (data && rows) return true;
    ++log_->holes;
    logger_.error("a segment is missing or short: declared hole, its shard stays readable",
                  {{"file", context_->paths->segment(identity.shard, identity.base)},
                   {"from", identity.base.value()},
                   {"to", segment.extent.end.value()}});
    return false;
  }

  /// Planted bug: believes rows beyond the checkpoint because their checksums fit.
  Offset trust_rows(SegmentInfo& info, Offset end) {
    auto reader = SegmentReader::open(*context_->files, *context_->paths, info.identity);
    SegmentInfo::Extent extent = info.extent();
    while (reader) {
      const auto row = (*reader)->row(extent.rows);
      if (!row) break;
      ++extent.rows;
      extent.bytes = row->position + row->length;
      extent.end = row->end();
      extent.last_arrival = row->arrival;
    }
    info.publish(extent);
    return std::max(end, extent.end);
  }

  /// Files of segments begun after the checkpoint (the journal has their records), or already let go by retention.
  Result<void> remove_unknown_segments(const CatalogShard& saved, const std::set<Offset>& known) {
    const std::string folder = context_->paths->shard(saved.id);
    FB_TRY(const auto info, context_->files->stat(folder));
    if (!info) return {};
    FB_TRY(const auto names, context_->files->list(folder));
    for (const std::string& name : names) {
      const auto base = parse_segment_name(name);
      if (!base || known.contains(*base)) continue;
      if (*base >= saved.end || *base < saved.start) {
        FB_CHECK(context_->files->remove(join_path(folder, name)));
      } else {
        logger_.warning("unknown segment file left alone", {{"file", join_path(folder, name)}});
      }
    }
    return {};
  }

  // Numbers are never reused, so what the catalogue does not know was removed, or comes back from the journal.
  Result<void> remove_unknown_streams() {
    return remove_unknown_folders(context_->paths->streams(), [&](std::uint64_t number) {
      return log_->directory.streams.contains(StreamId(number));
    });
  }

  Result<void> remove_unknown_shards(const StreamLog& stream) {
    return remove_unknown_folders(context_->paths->stream(stream.definition.id), [&](std::uint64_t number) {
      return number <= UINT32_MAX &&
             stream.index_of(ShardNumber(static_cast<std::uint32_t>(number))) < stream.views.size();
    });
  }

  template <class IsKnown>
  Result<void> remove_unknown_folders(const std::string& folder, const IsKnown& is_known) {
    FB_TRY(const auto info, context_->files->stat(folder));
    if (!info) return {};
    FB_TRY(const auto names, context_->files->list(folder));
    for (const std::string& name : names) {
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
      if (error != std::errc() || end != name.data() + name.size()) continue;
      if (!is_known(number)) FB_CHECK(remove_tree(*context_->files, join_path(folder, name)));
    }
    return {};
  }

  const RecoveryContext* context_;
  RecoveredLog* log_;
  Logger logger_;
};

/// Adds every lane range the rows files still hold.
Result<void> rebuild_lanes(const RecoveryContext& context, RecoveredLog& log) {
  for (const auto& [id, stream] : log.directory.streams) {
    for (const auto& view : stream->views) {
      const auto segments = view->segments();
      for (const auto& segment : *segments) {
        const auto reader = SegmentReader::open(*context.files, *context.paths, segment->identity);
        if (!reader) continue;
        for (std::uint64_t i = 0; i < segment->row_count(); ++i)
          if (const auto row = (*reader)->row(i); row && row->has_lane) log.lanes.merge(row->lane, row->range);
      }
    }
  }
  return {};
}

Result<void> load_lanes(const RecoveryContext& context, RecoveredLog& log, Logger logger) {
  const std::uint64_t generation = log.saved.lanes_generation;
  if (generation == 0) return {};
  auto snapshot = read_lane_snapshot(*context.files, context.paths->lanes(generation));
  if (snapshot && snapshot->generation == generation) {
    log.lanes = std::move(snapshot->lanes);
    return {};
  }
  if (!snapshot && snapshot.error().code == Errc::unsupported) return std::move(snapshot).error();
  logger.error("the newest lane snapshot cannot be used: rebuilding from the older one and the rows files",
               {{"file", context.paths->lanes(generation)}});
  if (auto older = read_lane_snapshot(*context.files, context.paths->lanes(generation + 1)))
    log.lanes = std::move(older->lanes);
  return rebuild_lanes(context, log);
}

}  // namespace

Result<CatalogStore> open_catalog(const RecoveryContext& context) {
  FB_CHECK(context.files->create_directories(context.paths->data));
  FB_CHECK(context.files->sync_directory(parent_path(context.paths->data)));
  FB_TRY(auto database, context.open_database(context.paths->catalog()));
  FB_TRY(auto store, CatalogStore::open(std::move(database)));
  FB_TRY(CatalogState state, store.load());
  if (!state.is_new) return store;
  FB_TRY(const auto journal, context.files->stat(context.paths->journal()));
  if (journal)
    return Error{Errc::corrupt, context.paths->catalog() + " is missing or empty, but " + context.paths->journal() +
                                     " exists: restore the catalogue, or move the data folder away"};
  FB_CHECK(store.begin());
  FB_CHECK(store.save_progress(state));
  FB_CHECK(store.commit());
  FB_CHECK(context.files->sync_directory(context.paths->data));
  return store;
}

Result<RecoveredLog> recover(const RecoveryContext& context, CatalogStore& store, Logger logger) {
  RecoveredLog log;
  FB_TRY(log.saved, store.load());
  log.directory.timeline = log.saved.timeline;
  log.directory.next_stream = log.saved.next_stream;
  FB_CHECK(Restore(context, log, logger).run());
  failpoint(Failpoint::recovery_truncated);
  FB_CHECK(load_lanes(context, log, logger));
  Replay replay(context, log, logger);
  FB_TRY(log.journal,
         spool::Journal::open(*context.files, *context.entropy, logger.child("journal"), context.paths->journal(),
                              context.options->journal,
                              [&](const spool::RecoveredEntry& entry) { return replay.apply(entry); },
                              log.journal_report));
  failpoint(Failpoint::recovery_replayed);
  if (log.journal->end() < log.saved.applied)
    return Error{Errc::corrupt, context.paths->journal() + " ends before what " + context.paths->catalog() +
                                     " has applied: restore both from the same moment"};
  log.holes += log.journal_report.corrupt_holes;
  return log;
}

}  // namespace forebay::gateway::log
