#include "gateway/delivery/engine/lane_reader.h"

#include <algorithm>

#include "wire/kafka/record_batch.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kafka::BatchRecord;
using wire::kafka::RecordCursor;

constexpr std::string_view kExpired = "expired before it was delivered";

DeliveryRecord to_delivery(const stream::ReadResult::Batch& batch, const BatchRecord& record) {
  DeliveryRecord out;
  out.offset = batch.base + record.offset_delta;
  out.arrival = batch.arrival;
  out.partition_key = record.key;
  out.explicit_hash_key = record.explicit_hash_key;
  out.data = record.value;
  return out;
}

struct BatchWalk {
  stream::Offset from;
  stream::Offset until;
  bool whole = false;  ///< a batch is visited to its end
  bool stopped = false;
};

bool covers(const LaneMarks& delivered, const log::UploadMark& upload) {
  const auto known = delivered.find(upload.lineage);
  return known != delivered.end() && upload.last <= known->second;
}

Result<void> visit_batch(const stream::ReadResult::Batch& batch, BatchWalk& walk, Buffer& scratch,
                         const std::function<bool(const DeliveryRecord&)>& visitor) {
  FB_TRY(RecordCursor cursor, RecordCursor::open(batch.bytes, wire::kafka::BatchLimits(), scratch));
  BatchRecord record;
  while (cursor.next(record)) {
    const stream::Offset offset = batch.base + record.offset_delta;
    if (offset < walk.from) continue;
    if (offset >= walk.until) {
      walk.stopped = true;
      return {};
    }
    const bool more = visitor(to_delivery(batch, record));
    walk.from = offset + 1;
    walk.stopped = walk.stopped || !more;
    if (walk.stopped && !walk.whole) return {};
  }
  return cursor.finish();
}

}  // namespace

Result<stream::Offset> visit_records(const stream::ReadResult& page, stream::Offset from, stream::Offset until,
                                     const std::function<bool(const DeliveryRecord&)>& visitor, LaneMarks* marks,
                                     const LaneMarks* delivered) {
  BatchWalk walk{from, until};
  Buffer scratch;
  for (const stream::ReadResult::Batch& batch : page.batches) {
    if (batch.base >= until) break;
    const stream::Offset end = batch.base + batch.count;
    if (delivered != nullptr && batch.upload && end > walk.from && covers(*delivered, *batch.upload)) {
      walk.from = std::min(end, until);
      continue;
    }
    walk.whole = marks != nullptr && batch.upload;
    FB_CHECK(visit_batch(batch, walk, scratch, visitor));
    if (marks != nullptr && batch.upload && walk.from == end) {
      std::uint64_t& last = (*marks)[batch.upload->lineage];
      last = std::max(last, batch.upload->last);
    }
    if (walk.stopped) break;
  }
  return walk.from;
}

Task<LaneRead> read_lane(std::shared_ptr<Lane> lane, stream::Offset from) {
  LaneRead outcome;
  if (lane->has_expired) {
    outcome.lost = LostRange{from, lane->end(), std::string(kExpired)};
    co_return outcome;
  }
  stream::StreamService& streams = lane->services.streams();
  const std::shared_ptr<const stream::Shard> shard = lane->shard;
  const std::size_t usual = lane->services.options.read_bytes;
  const std::size_t bytes = lane->rate ? lane->rate->read_bytes(usual) : usual;
  auto page = co_await streams.read(shard, from, bytes);
  if (page) {
    outcome.page = *std::move(page);
    co_return outcome;
  }
  if (page.error().code == Errc::not_found) {
    outcome.gone = true;
  } else if (page.error().code == Errc::out_of_range && from < shard->start_offset()) {
    outcome.lost = LostRange{from, shard->start_offset(), std::string(kExpired)};
  } else if (page.error().code == Errc::corrupt) {
    auto next = co_await streams.readable_from(shard, from);
    if (next && *next > from)
      outcome.lost = LostRange{from, *next, "damaged on disk"};
    else
      outcome.error = std::move(page).error();
  } else {
    outcome.error = std::move(page).error();
  }
  co_return outcome;
}

Task<void> keep_rate(std::shared_ptr<Lane> lane, std::uint64_t bytes) {
  if (!lane->rate) co_return;
  const SteadyTime until = lane->rate->use(bytes, lane->services.clock().steady_now());
  while (!lane->must_leave()) {
    const auto left = std::chrono::ceil<Milliseconds>(until - lane->services.clock().steady_now());
    if (left.count() <= 0) co_return;
    const Milliseconds wait = std::min<Milliseconds>(left, lane->services.options.watch_interval);
    co_await lane->delivery->sleeper().sleep(wait);
  }
}

}  // namespace forebay::gateway::delivery
