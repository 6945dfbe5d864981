#include <algorithm>

#include "gateway/stream/put_reroute.h"
#include "gateway/stream/put_submission.h"

/// What a loop does with batches that were routed by an older shard map: it routes them again, in their order and
/// before anything that came later. A stream's submissions in flight all follow one map, so a returned one never falls
/// behind.
namespace forebay::gateway::stream {
namespace {
/// Each time means that the map has changed again meanwhile.
constexpr std::uint32_t kReroutesMax = 1'000;
}  // namespace

bool PutLoop::follows_map_in_flight(const Stream& stream) const {
  return std::all_of(in_flight_.begin(), in_flight_.end(), [&](const InFlight& one) {
    return one.stream != stream.id || one.map_version == stream.map_version;
  });
}

bool PutLoop::may_submit(const Stream& stream) const {
  const bool none_returned = std::none_of(returned_.begin(), returned_.end(),
                                          [&](const auto& one) { return one->stream->id == stream.id; });
  return none_returned && follows_map_in_flight(stream);
}

void PutLoop::send_returned() {
  std::vector<std::unique_ptr<PutSubmission>> queued = std::exchange(returned_, {});
  for (std::unique_ptr<PutSubmission>& one : queued) {
    StreamPtr now = catalog_->find(one->stream->account, one->stream->name);
    if (!now || now->id != one->stream->id)
      refuse(one->puts, Error{Errc::not_found, "the stream was deleted"});
    else if (may_submit(*now))
      route_again(std::move(one), now);
    else
      returned_.push_back(std::move(one));
  }
}

void PutLoop::route_again(std::unique_ptr<PutSubmission> submission, const StreamPtr& now) {
  if (++submission->reroutes > kReroutesMax)
    return refuse(submission->puts, Error{Errc::unavailable, "the stream's shards change all the time: send again"});
  log::PutWork& work = submission->put();
  auto rerouted = reroute(*submission->stream, std::move(work.parts), *now);
  if (!rerouted) return refuse(submission->puts, rerouted.error());
  for (PendingPut* put : submission->puts) {
    for (PutOutcome& outcome : put->outcomes) {
      const ReroutedParts::Place place =
          rerouted->moved[outcome.shard.value()].of(static_cast<std::uint32_t>(outcome.offset.value()));
      outcome.shard = ShardNumber(place.shard);
      outcome.offset = Offset(place.position);
    }
  }
  work.map_version = now->map_version;
  work.parts = std::move(rerouted->parts);
  work.rerouted = false;
  submission->part_of = std::move(rerouted->part_of);
  submission->stream = now;
  submission->taken_before = true;
  send(std::move(submission));
}

void PutLoop::refuse(const std::vector<PendingPut*>& puts, const Error& error) {
  for (PendingPut* put : puts) {
    put->error = error;
    put->resume();
  }
}

}  // namespace forebay::gateway::stream
