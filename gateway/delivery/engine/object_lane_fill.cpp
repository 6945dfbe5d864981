#include <algorithm>

#include "gateway/delivery/engine/object_lane.h"

/// How a lane fills its buffer and when that becomes a cut.
namespace forebay::gateway::delivery {
namespace {
/// How often a lane that waits for memory looks again.
constexpr Milliseconds kMemoryWait{20};
}  // namespace

void ObjectLane::begin_buffer() {
  builder_.reset();
  records_ = 0;
  marks_.clear();
  is_full_ = false;
  target_.reset();
  lost_.reset();
}

void ObjectLane::drop_buffer() {
  begin_buffer();
  lane_->services.budget.report(this, 0);
  show_partitions(0);
}

void ObjectLane::show_partitions(std::size_t open) {
  lane_->delivery->change_progress(lane_->row.key, [&](LaneProgress& progress) { progress.open_partitions = open; });
}

Task<ObjectLane::Filled> ObjectLane::fill() {
  drop_buffer();
  auto made = lane_->services.dependencies.make_builder(plan_.processing, plan_.objects);
  if (!made) {
    stand_still(made.error(), false);
    co_return Filled::failed;
  }
  builder_ = *std::move(made);
  position_ = lane_->row.next;
  for (;;) {
    if (lane_->must_leave()) co_return Filled::left;
    if (!lane_->refresh()) co_return records_ > 0 ? Filled::cut : Filled::gone;
    std::optional<Filled> filled;
    switch (next_step(filling())) {
      case FillStep::cut: co_return Filled::cut;
      case FillStep::finish: co_return Filled::finished;
      case FillStep::read: filled = co_await read_page(); break;
      case FillStep::wait: filled = co_await wait_for_more(); break;
    }
    if (filled) co_return *filled;
  }
}

Filling ObjectLane::filling() {
  Filling lane;
  const stream::Offset end = lane_->end();
  lane.has_records = records_ > 0;
  lane.is_full = is_full_;
  lane.is_squeezed = lane_->services.budget.is_spent() && lane_->services.budget.is_largest(this);
  lane.has_more = position_ < end;
  lane.has_ended = lane_->has_ended();
  lane.interval = std::chrono::seconds(plan_.objects.buffering.interval_seconds);
  if (!lane.has_records) return lane;
  lane.age = std::chrono::duration_cast<Milliseconds>(lane_->services.clock().steady_now() - since_);
  if (lane.age >= lane.interval && !target_) target_ = end;
  lane.caught_up = target_ && position_ >= *target_;
  return lane;
}

Task<std::optional<ObjectLane::Filled>> ObjectLane::wait_for_more() {
  const Filling now = filling();
  Milliseconds wait = lane_->services.options.watch_interval;
  if (now.has_records) wait = std::min(wait, now.interval - now.age);
  const std::shared_ptr<const stream::Shard> shard = lane_->shard;
  auto end = co_await lane_->services.streams().wait_for_records(shard, position_, wait);
  if (end || end.error().code == Errc::not_found) co_return std::nullopt;  // a deleted stream shows at the next look
  co_await lane_->delivery->sleeper().sleep(wait);
  co_return std::nullopt;
}

Task<std::optional<ObjectLane::Filled>> ObjectLane::read_page() {
  if (lane_->services.budget.is_spent()) {  // and another lane holds most of it
    co_await lane_->delivery->sleeper().sleep(kMemoryWait);
    co_return std::nullopt;
  }
  const stream::Offset until = lane_->end();
  LaneRead read = co_await read_lane(lane_, position_);
  if (read.gone) co_return records_ > 0 ? Filled::cut : Filled::gone;
  if (read.lost) {
    if (records_ > 0) co_return Filled::cut;
    lost_ = *std::move(read.lost);
    if (lane_->row.until) lost_->to = std::min(lost_->to, *lane_->row.until);
    co_return Filled::lost;
  }
  if (read.error) {
    co_await retry_.pause(*read.error);
    co_return std::nullopt;
  }
  Added added;
  auto call = [&] { added = add(*read.page, position_, until, false); };
  co_await lane_->services.pool.run(call);
  if (added.error) {
    stand_still(*added.error, false);
    co_return Filled::failed;
  }
  take(added);
  co_await keep_rate(lane_, added.bytes);
  co_return std::nullopt;
}

ObjectLane::Added ObjectLane::add(const stream::ReadResult& page, stream::Offset from, stream::Offset until,
                                  bool whole) {
  const std::uint64_t size_max = plan_.objects.buffering.size_mib * 1_MiB;
  Added added;
  auto visitor = [&](const DeliveryRecord& record) {
    builder_->add(record);
    added.bytes += record.data.size();
    added.is_full = !whole && builder_->largest_bytes() >= size_max;
    return !added.is_full;
  };
  auto next = visit_records(page, from, until, visitor, &marks_, lane_->delivered.get());
  if (!next) {
    added.error = std::move(next).error();
    return added;
  }
  // What the bucket has already is in the cut by its offsets, and in none of its objects.
  added.next = *next;
  added.records = static_cast<std::uint64_t>(next->value() - from.value());
  for (const stream::ReadResult::Batch& batch : page.batches)
    if (!added.oldest && batch.base + batch.count > from) added.oldest = batch.arrival;
  return added;
}

void ObjectLane::take(const Added& added) {
  if (records_ == 0 && added.records > 0) {
    first_ = position_;
    oldest_ = *added.oldest;
    since_ = lane_->services.clock().steady_now();
    lane_->delivery->change_progress(lane_->row.key, [&](LaneProgress& progress) { progress.oldest = oldest_; });
  }
  records_ += added.records;
  position_ = added.next;
  is_full_ = added.is_full;
  lane_->services.budget.report(this, builder_->bytes());
  show_partitions(builder_->open_partitions());
}

}  // namespace forebay::gateway::delivery
