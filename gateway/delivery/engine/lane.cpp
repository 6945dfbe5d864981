#include "gateway/delivery/engine/lane.h"

#include <algorithm>

namespace forebay::gateway::delivery {

bool Lane::refresh() {
  const stream::StreamPtr stream = services.streams().find(source.account, source.stream);
  if (!stream || stream->id != source.stream_id) return false;
  auto now = stream->shard(source.shard);
  if (now) shard = std::move(now);
  has_expired = !stream->shard(source.shard);
  return true;
}

stream::Offset Lane::end() const {
  const stream::Offset durable = shard->end_offset();
  return row.until ? std::min(*row.until, durable) : durable;
}

bool Lane::has_ended() const {
  if (row.until && row.until <= shard->end_offset()) return true;
  return shard->closed.has_value() || has_expired;
}

void Lane::report_failure(const Error& error) {
  services.metrics.failures.add();
  delivery->failed(error.context, services.clock().wall_now());
  if (row.key.track != kLiveTrack && row.key.track != kBackupTrack)
    delivery->replay_failed(row.key.track, error.context);
  services.logger.warning("delivery: an attempt failed, it is repeated",
                          {{"delivery", source.delivery}, {"shard", source.shard.value()}, {"error", error.context}});
}

void Lane::stand_still(const Error& error) {
  report_failure(error);
  services.logger.error("delivery of a shard stands still until the delivery stream is resumed or updated",
                        {{"delivery", source.delivery}, {"shard", source.shard.value()}, {"error", error.context}});
}

void Lane::report_loss(const Cut& cut, const std::string& reason) {
  const auto records = static_cast<std::uint64_t>(cut.last.value() - cut.first.value() + 1);
  services.metrics.lost_records.add(records);
  delivery->failed(
      std::to_string(records) + " records from offset " + std::to_string(cut.first.value()) + " on are lost: " + reason,
      services.clock().wall_now());
  services.logger.error("records were lost before they were delivered; the loss is declared",
                        {{"delivery", source.delivery},
                         {"shard", source.shard.value()},
                         {"from", cut.first.value()},
                         {"count", records},
                         {"reason", reason}});
}

Result<void> Lane::continue_history(std::uint64_t timeline) {
  return services.streams().continue_history(timeline, source.stream_id, {});
}

void Lane::adopted(const Adoption& found) {
  row = found.lane;
  log_end.reset();
  if (!found.delivered.empty()) {
    auto merged = std::make_shared<LaneMarks>(delivered ? *delivered : LaneMarks());
    for (const auto& [lineage, last] : found.delivered) (*merged)[lineage] = std::max((*merged)[lineage], last);
    delivered = std::move(merged);
  }
  if (found.timeline != 0)
    services.logger.warning(
        "this gateway was restored to an older state: uploads that the bucket has already are not delivered again",
        {{"delivery", source.delivery},
         {"shard", source.shard.value()},
         {"from", row.next.value()},
         {"lineages", found.delivered.size()}});
  publish_progress();
}

void Lane::publish_progress() {
  const stream::Offset next = row.next;
  delivery->change_progress(row.key, [&](LaneProgress& progress) {
    if (progress.next != next) progress.oldest.reset();
    progress.next = next;
    progress.finished = row.finished;
    progress.shard = shard;
  });
  if (row.finished)
    services.holds.release(row.key);
  else
    services.holds.set(row.key, shard, next);
}

}  // namespace forebay::gateway::delivery
