#include "gateway/delivery/engine/lane.h"

#include <algorithm>

namespace forebay::gateway::delivery {

bool Lane::refresh() {
  const stream::StreamPtr stream = services.streams().find(source.account, source.stream);
  if (!stream || stream->id != source.stream_id) return false;
  auto now = stream->shard(source.shard);
  if (!now) return false;
  shard = std::move(now);
  return true;
}

stream::Offset Lane::end() const {
  const stream::Offset durable = shard->end_offset();
  return row.until ? std::min(*row.until, durable) : durable;
}

bool Lane::has_ended() const {
  if (row.until && row.until <= shard->end_offset()) return true;
  return shard->closed.has_value();
}

void Lane::report_failure(const Error& error) {
  services.metrics.failures.add();
  delivery->failed(error.context, services.clock().wall_now());
  if (row.key.track != kLiveTrack && row.key.track != kBackupTrack) delivery->replay_failed(row.key.track, error.context);
  services.logger.warning("delivery: an attempt failed, it is repeated",
                          {{"delivery", source.delivery}, {"shard", source.shard.value()}, {"error", error.context}});
}

void Lane::publish_progress() {
  const stream::Offset next = row.next;
  delivery->change_progress(row.key, [&](LaneProgress& progress) {
    if (progress.next != next) progress.oldest.reset();
    progress.next = next;
    progress.finished = row.finished;
    progress.shard = shard;
  });
  if (row.finished) services.holds.release(row.key);
  else services.holds.set(row.key, shard, next);
}

}  // namespace forebay::gateway::delivery
