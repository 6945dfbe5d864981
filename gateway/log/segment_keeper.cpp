#include "gateway/log/segment_keeper.h"

#include "gateway/log/retention.h"

namespace forebay::gateway::log {
namespace {

constexpr Milliseconds kExpiryInterval{10'000};
constexpr Milliseconds kSpaceInterval{1'000};
/// Puts are taken again only when clearly more than the floor is free.
constexpr std::uint64_t kSpaceSlack = 64_MiB;

}  // namespace

SegmentKeeper::SegmentKeeper(KeeperContext context, Logger logger, CatalogStore store, CatalogState saved,
                             SegmentWriters writers)
    : context_(context),
      logger_(logger),
      store_(std::move(store)),
      saved_(std::move(saved)),
      writers_(std::move(writers)),
      retention_clock_(*context.clock),
      last_checkpoint_(context.clock->steady_now()),
      last_expiry_(context.clock->steady_now()),
      last_space_check_(context.clock->steady_now()),
      expired_segments_(&context.metrics->counter(kExpiredSegmentsMetric)),
      tail_bytes_(&context.metrics->gauge(kTailBytesMetric)) {
  for (const StreamDefinition& stream : saved_.streams) saved_streams_[stream.id] = nullptr;
  for (const CatalogShard& shard : saved_.shards) saved_shards_.insert(shard.id);
  // What recovery wrote to segments is no part of the catalogue yet.
  for (const auto& [id, writer] : writers_)
    if (writer->needs_sync()) changed_.insert(id);
}

SegmentWriter& SegmentKeeper::writer_of(const std::shared_ptr<ShardView>& view) {
  std::unique_ptr<SegmentWriter>& writer = writers_[view->id()];
  if (!writer) {
    writer = std::make_unique<SegmentWriter>(*context_.files, *context_.paths, context_.options->segment, view);
    writer->restore(nullptr, Offset(0));
  }
  return *writer;
}

void SegmentKeeper::collect() {
  for (const auto& view : context_.dirty->take()) {
    if (view->is_removed()) continue;
    (void)writer_of(view);
    unwritten_.insert(view->id());
  }
}

Result<void> SegmentKeeper::write(SegmentWriter::Which which) {
  collect();
  const SteadyTime now = context_.clock->steady_now();
  const WallTime wall = context_.clock->wall_now();
  for (auto id = unwritten_.begin(); id != unwritten_.end();) {
    const auto found = writers_.find(*id);
    if (found == writers_.end() || found->second->view()->is_removed()) {
      id = unwritten_.erase(id);
      continue;
    }
    SegmentWriter& writer = *found->second;
    const Offset before = writer.written();
    auto done = writer.write(which, now, wall);
    if (writer.written() != before) changed_.insert(*id);
    if (!done) return done;
    writer.view()->clear_dirty();
    id = writer.has_unwritten() ? std::next(id) : unwritten_.erase(id);
  }
  tail_bytes_->set(static_cast<std::int64_t>(context_.budget->used()));
  return {};
}

void SegmentKeeper::forget_removed() {
  std::erase_if(writers_, [&](const auto& entry) {
    if (!entry.second->view()->is_removed()) return false;
    unwritten_.erase(entry.first);
    changed_.erase(entry.first);
    removed_streams_.insert(entry.first.stream);
    const auto segments = entry.second->view()->segments();
    for (const auto& segment : *segments) context_.reader->forget(segment->identity);
    return true;
  });
}

Result<void> SegmentKeeper::tick() {
  const SteadyTime now = context_.clock->steady_now();
  if (now - last_space_check_ >= kSpaceInterval) check_space();
  const bool filling = context_.budget->is_half_full();
  auto done = write(filling ? SegmentWriter::Which::all : SegmentWriter::Which::due);
  // It may be readers who have let go of the memory, not this write.
  if (filling || (context_.sequencer->waits_for_memory() && !context_.budget->is_full())) context_.sequencer->wake();
  // Zeroing a journal file takes a tenth of a second; done here, no commit waits for it.
  if (done) done = context_.sequencer->journal().prepare_next_file();
  if (done && now - last_expiry_ >= kExpiryInterval) expire();
  if (done && checkpoint_due(now)) done = checkpoint();
  if (!done && done.error().code == Errc::no_space) {
    logger_.error("the disk is full: records stay in the journal until space is free",
                  {{"error", done.error().context}});
    return {};
  }
  if (!done && done.error().code == Errc::unavailable) {
    logger_.error("segments cannot be written now, as with too many open files; records stay in the journal",
                  {{"error", done.error().context}});
    return {};
  }
  return done;
}

bool SegmentKeeper::checkpoint_due(SteadyTime now) const {
  const bool much = context_.progress->get().bytes - saved_bytes_ >= context_.options->checkpoint_bytes;
  return much || now - last_checkpoint_ >= context_.options->checkpoint_interval;
}

void SegmentKeeper::check_space() {
  last_space_check_ = context_.clock->steady_now();
  const auto space = context_.files->space(context_.paths->data);
  if (!space) return;
  const bool was_low = context_.space_low->load();
  const std::uint64_t wanted = context_.options->free_space_floor + (was_low ? kSpaceSlack : 0);
  const bool low = space->free_bytes < wanted;
  if (low == was_low) return;
  context_.space_low->store(low);
  context_.metrics->gauge(kSpaceLowMetric).set(low ? 1 : 0);
  if (low)
    logger_.error("disk nearly full: puts are refused, reads go on", {{"free_bytes", space->free_bytes}});
  else
    logger_.info("disk space is back: puts are taken again", {{"free_bytes", space->free_bytes}});
}

void SegmentKeeper::expire() {
  last_expiry_ = context_.clock->steady_now();
  WallTime now;
  if (!retention_clock_.trusted(now)) return;
  const auto directory = context_.directory->get();
  bool shards_expired = false;
  for (const auto& [id, stream] : directory->streams) {
    for (const auto& view : stream->views)
      if (active_has_expired(*view, stream->definition.retention_hours, now)) writer_of(view).roll();
    for (const NewStart& next : expired(*stream, now)) drop_before(stream->views[next.shard], next.start);
    shards_expired = shards_expired || !expired_shards(*stream, now).empty();
  }
  if (shards_expired) context_.sequencer->call([&](Sequencer& s) { s.expire_shards(now); });
}

void SegmentKeeper::drop_before(const std::shared_ptr<ShardView>& view, Offset start) {
  view->raise_start(start);
  for (const auto& segment : view->drop_segments_before(view->start())) {
    dropped_.push_back(segment->identity);
    context_.reader->forget(segment->identity);
    expired_segments_->add();
  }
  (void)writer_of(view);
  changed_.insert(view->id());
}

}  // namespace forebay::gateway::log
