#include <algorithm>

#include "gateway/upload/upload_front.h"

namespace forebay::gateway::upload {
using http::Request;
using http::Response;
using wire::upload::OpenLaneReply;
using wire::upload::OpenReply;
using wire::upload::OpenState;

namespace {
Response encoded(const OpenReply& reply) {
  Response response;
  response.content_type = wire::upload::kContentType;
  wire::upload::encode(reply, response.body);
  return response;
}

void add_map(std::vector<wire::upload::StreamMap>& maps, const stream::Stream& stream) {
  const bool known = std::any_of(maps.begin(), maps.end(), [&](const auto& map) { return map.stream == stream.name; });
  if (!known) maps.push_back(map_of(stream));
}
}  // namespace

// POST /upload/v1/open: where each lane stands here (rules A4, G3).
Task<Response> UploadFront::open(const Request& request) {
  services_.metrics.opens.add();
  auto decoded = wire::upload::decode_open_request(request.body);
  if (!decoded) co_return upload_error(decoded.error());
  if (!request.identity.allows_device(decoded->device)) co_return device_refused(decoded->device);

  const std::string account = account_of(services_, request);
  OpenReply reply;
  reply.timeline = services_.streams.timeline();
  reply.request_bytes_max = services_.request_bytes_max;
  reply.record_bytes_max = 1u << 20;
  reply.lanes.resize(decoded->lanes.size());
  std::vector<std::pair<Lineage, stream::StreamId>> asked;
  std::vector<std::size_t> asked_by;
  for (std::size_t i = 0; i < decoded->lanes.size(); ++i) {
    const wire::upload::OpenLane& lane = decoded->lanes[i];
    OpenLaneReply& answer = reply.lanes[i];
    if (!may_upload(services_, request, lane.stream)) {
      answer.state = OpenState::refused;
      answer.message = "this access key may not upload to stream " + lane.stream + "; its policy decides";
      continue;
    }
    const stream::StreamPtr stream = co_await find_or_create(services_, account, lane.stream);
    if (!stream) {
      answer.state = OpenState::missing_stream;
      answer.message = "stream " + lane.stream + " does not exist";
      continue;
    }
    if (lane.lineage >= decoded->lineages.size()) {
      answer.state = OpenState::refused;
      answer.message = "lineage index out of range";
      continue;
    }
    answer.incarnation = stream->id.value();
    reply.record_bytes_max = std::max<std::uint64_t>(reply.record_bytes_max, stream->record_bytes_max);
    add_map(reply.maps, *stream);
    asked.emplace_back(decoded->lineages[lane.lineage], stream->id);
    asked_by.push_back(i);
  }
  auto states = co_await services_.streams.lane_states(std::move(asked));
  if (!states) co_return upload_error(states.error());
  for (std::size_t i = 0; i < asked_by.size(); ++i) {
    OpenLaneReply& answer = reply.lanes[asked_by[i]];
    const stream::LaneState& state = states->at(i);
    answer.state = state.stale ? OpenState::stale : OpenState::ready;
    answer.last = state.last;
  }
  reply.server_time_ms = to_millis(services_.clock.wall_now());
  co_return encoded(reply);
}

}  // namespace forebay::gateway::upload
