#include <algorithm>

#include "gateway/upload/upload_front.h"

namespace forebay::gateway::upload {
using http::Request;
using http::Response;
using stream::LaneBatch;
using stream::LaneBatchOutcome;
using stream::LaneResult;
using wire::upload::BatchesReply;
using wire::upload::BatchesRequest;
using wire::upload::LaneOutcome;
using wire::upload::LaneReply;
using wire::upload::UploadBatch;

namespace {
constexpr int kReroutesMax = 8;

Response encoded(const BatchesReply& reply) {
  Response response;
  response.content_type = wire::upload::kContentType;
  wire::upload::encode(reply, response.body);
  return response;
}

LaneReply lane_reply(LaneOutcome outcome, std::string message = {}) {
  LaneReply reply;
  reply.outcome = outcome;
  reply.message = std::move(message);
  return reply;
}

LaneOutcome outcome_of(LaneResult result) {
  switch (result) {
    case LaneResult::committed: return LaneOutcome::committed;
    case LaneResult::duplicate: return LaneOutcome::duplicate;
    case LaneResult::unverified: return LaneOutcome::unverified;
    case LaneResult::gap: return LaneOutcome::gap;
    case LaneResult::forked: return LaneOutcome::forked;
    case LaneResult::stale: return LaneOutcome::stale;
    case LaneResult::missing_stream: return LaneOutcome::missing_stream;
    case LaneResult::reroute:
    case LaneResult::locked: return LaneOutcome::throttled;  // the agent keeps its records and comes again
  }
  return LaneOutcome::throttled;
}

LaneBatch lane_of(const UploadBatch& batch, const stream::StreamPtr& stream, PartRouter::Parts parts) {
  LaneBatch lane;
  lane.lineage = batch.lineage;
  lane.base = batch.base;
  lane.first = batch.first;
  lane.count = batch.count;
  lane.records_crc = batch.records_crc;
  lane.stream = stream;
  lane.parts = std::move(parts);
  return lane;
}

/// The batches of one request on their way into the log.
struct Work {
  const BatchesRequest& request;
  BatchesReply& reply;
  std::vector<stream::StreamPtr> streams;  ///< by position in the request; null: answered already
  std::vector<LaneBatch> lanes;            ///< to be appended next
  std::vector<std::size_t> lane_of;        ///< position in the request of each of them
};

/// Routes one batch by the map of its stream, or answers it.
void route_batch(PartRouter& router, Work& work, std::size_t i) {
  const UploadBatch& batch = work.request.batches[i];
  const stream::StreamPtr& stream = work.streams[i];
  if (stream->open_shards.empty()) {
    work.reply.lanes[i] = lane_reply(LaneOutcome::throttled, "the stream has no open shard just now");
    return;
  }
  auto parts = router.route(*stream, batch.parts, batch.count);
  if (parts) {
    work.lanes.push_back(lane_of(batch, stream, *std::move(parts)));
    work.lane_of.push_back(i);
    return;
  }
  const bool later = parts.error().code == Errc::unavailable;
  work.reply.lanes[i] = lane_reply(later ? LaneOutcome::throttled : LaneOutcome::refused, parts.error().context);
}

/// Finds the stream of a batch, or answers it. Result  true when it is to be routed.
bool settle_stream(Work& work, std::size_t i, stream::StreamPtr stream, std::uint64_t timeline) {
  const UploadBatch& batch = work.request.batches[i];
  LaneReply& answer = work.reply.lanes[i];
  if (!stream)
    answer = lane_reply(LaneOutcome::missing_stream, "stream " + batch.stream + " does not exist");
  else if (work.request.timeline != timeline || batch.incarnation != stream->id.value())
    answer = lane_reply(LaneOutcome::reopen);
  else if (batch.count == 0 || batch.first == 0)
    answer = lane_reply(LaneOutcome::refused, "a batch must hold records, numbered from 1");
  else
    work.streams[i] = std::move(stream);
  return work.streams[i] != nullptr;
}

void add_changed_map(BatchesReply& reply, const UploadBatch& batch, const stream::StreamPtr& stream) {
  if (!stream || stream->map_version == batch.map_version) return;
  const bool known =
      std::any_of(reply.maps.begin(), reply.maps.end(), [&](const auto& map) { return map.stream == stream->name; });
  if (!known) reply.maps.push_back(map_of(*stream));
}

std::size_t bytes_of(const UploadBatch& batch) {
  std::size_t bytes = 0;
  for (const ByteView part : batch.parts) bytes += part.size();
  return bytes;
}

void count(UploadMetrics& metrics, const BatchesRequest& request, const BatchesReply& reply) {
  for (std::size_t i = 0; i < reply.lanes.size(); ++i) {
    switch (reply.lanes[i].outcome) {
      case LaneOutcome::committed:
        metrics.committed.add();
        metrics.records.add(request.batches[i].count);
        metrics.bytes.add(bytes_of(request.batches[i]));
        break;
      case LaneOutcome::duplicate: metrics.duplicate.add(); break;
      case LaneOutcome::refused: metrics.refused.add(); break;
      default: metrics.other.add(); break;
    }
  }
}
}  // namespace

// POST /upload/v1/batches: all accepted lanes become durable together; each is answered for itself (rules G1, G2).
Task<Response> UploadFront::batches(const Request& request) {
  services_.metrics.batches.add();
  auto decoded = wire::upload::decode_batches_request(request.body);
  if (!decoded) co_return upload_error(decoded.error());
  if (!request.identity.allows_device(decoded->device)) co_return device_refused(decoded->device);

  const std::string account = account_of(services_, request);
  BatchesReply reply;
  reply.timeline = services_.streams.timeline();
  reply.lanes.resize(decoded->batches.size());
  Work work{*decoded, reply, std::vector<stream::StreamPtr>(decoded->batches.size()), {}, {}};
  router_.begin_request();
  for (std::size_t i = 0; i < decoded->batches.size(); ++i) {
    if (!may_upload(services_, request, decoded->batches[i].stream)) {
      reply.lanes[i] = lane_reply(LaneOutcome::reopen);  // OPEN says why; the agent keeps its records
      continue;
    }
    stream::StreamPtr stream = co_await find_or_create(services_, account, decoded->batches[i].stream);
    if (settle_stream(work, i, std::move(stream), reply.timeline)) route_batch(router_, work, i);
  }

  for (int round = 0; !work.lanes.empty(); ++round) {
    const std::vector<std::size_t> positions = std::exchange(work.lane_of, {});
    std::vector<LaneBatch> lanes = std::exchange(work.lanes, {});
    auto outcomes = co_await services_.streams.append_lanes(std::move(lanes));
    if (!outcomes) co_return upload_error(outcomes.error());
    for (std::size_t k = 0; k < positions.size(); ++k) {
      const std::size_t i = positions[k];
      const LaneBatchOutcome& outcome = outcomes->at(k);
      reply.lanes[i].outcome = outcome_of(outcome.result);
      reply.lanes[i].last = outcome.last;
      if (outcome.result == LaneResult::locked)
        reply.lanes[i].message =
            "the key that encrypts stream " + decoded->batches[i].stream + " is missing on the gateway";
      if (outcome.result != LaneResult::reroute || round >= kReroutesMax) continue;
      stream::StreamPtr stream = services_.streams.find(account, decoded->batches[i].stream);
      work.streams[i].reset();
      if (settle_stream(work, i, std::move(stream), reply.timeline)) route_batch(router_, work, i);
    }
  }
  for (std::size_t i = 0; i < decoded->batches.size(); ++i)
    add_changed_map(reply, decoded->batches[i], work.streams[i]);
  router_.trim();
  count(services_.metrics, *decoded, reply);
  reply.server_time_ms = to_millis(services_.clock.wall_now());
  co_return encoded(reply);
}

}  // namespace forebay::gateway::upload
