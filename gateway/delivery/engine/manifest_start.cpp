#include "gateway/delivery/engine/manifest_start.h"

#include <algorithm>
#include <condition_variable>
#include <set>

#include "gateway/delivery/engine/object_plan.h"

namespace forebay::gateway::delivery {

/// What the reading threads share with who waits for them, and may outlive the waiting.
struct ManifestStart::Reading {
  std::mutex mutex;
  std::condition_variable news;
  std::vector<Read> read;
  std::size_t left = 0;

  void done(std::optional<Read> one) {
    const std::scoped_lock lock(mutex);
    if (one) read.push_back(*std::move(one));
    --left;
    news.notify_all();
  }
};

namespace {

Result<Adoption> read_manifest(const Lane& lane) {
  const std::string bucket = object_plan(lane.compiled->definition, lane.row.key.track)->objects.bucket;
  FB_TRY(const auto store, lane.services.dependencies.sinks->object_store(bucket));
  const BucketStay stay = enter_bucket(lane.row, lane.log_end, bucket, lane.shard->end_offset());
  return adopt_manifest(*store, lane.source, stay.lane, stay.log_end);
}

}  // namespace

LaneMarks delivered_by_all(const std::vector<const LaneMarks*>& delivered) {
  if (delivered.empty()) return {};
  LaneMarks all = *delivered.front();
  for (const LaneMarks* other : delivered) {
    std::erase_if(all, [&](const auto& mark) { return !other->contains(mark.first); });
    for (auto& [lineage, last] : all) last = std::min(last, other->at(lineage));
  }
  return all;
}

std::vector<ManifestStart::Read> ManifestStart::read(const std::vector<std::shared_ptr<Lane>>& lanes) {
  const auto reading = std::make_shared<Reading>();
  reading->left = lanes.size();
  for (const std::shared_ptr<Lane>& lane : lanes) {
    services_.senders.post(lane->delivery->senders(), [reading, lane] {
      auto found = read_manifest(*lane);
      if (found)
        reading->done(Read{lane, *std::move(found)});
      else
        reading->done(std::nullopt);  // the lane meets it again and tells
    });
  }
  std::unique_lock lock(reading->mutex);
  reading->news.wait_for(lock, services_.options.manifest_patience, [&] { return reading->left == 0; });
  if (reading->left > 0)
    services_.logger.warning("not all manifests could be read at the start; uploads are taken meanwhile",
                             {{"lanes", reading->left}});
  return std::move(reading->read);
}

bool ManifestStart::are_all(const std::vector<const Read*>& reads, std::size_t all) const {
  const SourceShard& source = reads.front()->lane->source;
  const stream::StreamPtr stream = services_.streams().find(source.account, source.stream);
  if (!stream || reads.size() != all) return false;
  std::set<stream::ShardNumber> shards;
  for (const Read* read : reads) shards.insert(read->lane->source.shard);
  return std::all_of(stream->open_shards.begin(), stream->open_shards.end(),
                     [&](const auto& shard) { return shards.contains(shard->number); });
}

/// An upload may have records in every shard, and is wanted by every delivery stream: only what none of them lacks is
/// refused from now on. What some of them lack comes again, and the others pass over it.
Result<void> ManifestStart::raise_upload_lanes(const std::vector<Read>& reads, const LaneCounts& all) {
  std::map<stream::StreamId, std::vector<const Read*>> by_stream;
  for (const Read& read : reads) by_stream[read.lane->source.stream_id].push_back(&read);
  for (const auto& [id, own] : by_stream) {
    std::uint64_t timeline = 0;
    std::vector<const LaneMarks*> delivered;
    for (const Read* read : own) {
      timeline = std::max(timeline, read->found.timeline);
      delivered.push_back(&read->found.delivered);
    }
    if (timeline == 0) continue;
    LaneMarks marks;
    if (const auto count = all.find(id); count != all.end() && are_all(own, count->second))
      marks = delivered_by_all(delivered);
    FB_CHECK(services_.streams().continue_history(timeline, id, {marks.begin(), marks.end()}));
  }
  return {};
}

Result<void> ManifestStart::run(const std::vector<std::shared_ptr<Lane>>& lanes, const LaneCounts& all,
                                const std::function<void(const Lane&)>& adopted) {
  if (lanes.empty()) return {};
  const std::vector<Read> reads = read(lanes);
  FB_CHECK(raise_upload_lanes(reads, all));
  std::vector<AdoptedLane> rows;
  for (const Read& read : reads) {
    const bool moved = read.found.timeline != 0 || read.found.lane.next_index != read.lane->row.next_index;
    rows.push_back({read.found.lane, read.found.delivered, moved});
  }
  FB_CHECK(services_.checked(services_.store->adopt(rows)));
  for (std::size_t i = 0; i < reads.size(); ++i) {
    Lane& lane = *reads[i].lane;
    if (rows[i].drops_cut) lane.cut.reset();
    lane.adopted(reads[i].found);
    adopted(lane);
  }
  return {};
}

}  // namespace forebay::gateway::delivery
