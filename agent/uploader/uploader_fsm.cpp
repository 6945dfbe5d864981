#include "agent/uploader/uploader_fsm.h"

#include <algorithm>

namespace forebay::agent {

using wire::upload::LaneOutcome;
using wire::upload::OpenState;

void UploaderFsm::link_up() {
  backoff_.reset();
  retry_at_ = {};
}

const wire::upload::StreamMap* UploaderFsm::map_of(const std::string& stream) const {
  const auto it = maps_.find(stream);
  return it == maps_.end() ? nullptr : &it->second;
}

wire::upload::OpenLane UploaderFsm::open_lane(const spool::LaneId& id, std::uint32_t lineage_index) const {
  const Lane& lane = lanes_.all().at(id);
  wire::upload::OpenLane out;
  out.lineage = lineage_index;
  out.stream = id.stream;
  out.incarnation = lane.status.incarnation;
  out.first = lane.start();
  out.last = lane.status.last;
  out.acked = lane.status.acked;
  return out;
}

// --- What to do next ------------------------------------------------------------------------------------------------

Step UploaderFsm::next(SteadyTime now, bool in_flight) {
  if (now < retry_at_) return StepWait{retry_at_};
  if (!in_flight) {
    std::vector<spool::LaneId> open = lanes_to_open(now);
    if (!open.empty()) return StepOpen{std::move(open)};
  }
  StepSend step;
  const auto& streams = lanes_.streams();
  for (std::size_t i = 0; i < streams.size() && step.plans.size() < settings_.batches_per_request_max; ++i) {
    Lane* lane = lanes_.head(streams[(turn_ + i) % streams.size()]);
    if (lane == nullptr || lane->state != LaneState::ready || lane->retry_at > now || !ripe(*lane, now)) continue;
    if (lane->sent + 1 < lane->start()) continue;  // opened again first, see lanes_to_open()
    step.plans.push_back({lane->status.lane, lane->sent});
  }
  if (!step.plans.empty()) return step;
  if (!in_flight) {
    const std::uint64_t through = lanes_.closable_through(current_);
    if (through > closed_through_) return StepClose{through};
  }
  return StepWait{next_time(now)};
}

std::vector<spool::LaneId> UploaderFsm::lanes_to_open(SteadyTime now) const {
  std::vector<spool::LaneId> result;
  for (const auto& [id, lane] : lanes_.all()) {
    const bool hole = lane.state == LaneState::ready && lane.has_unsent() && lane.sent + 1 < lane.start();
    const bool later = lane.state == LaneState::missing_stream || lane.state == LaneState::refused;
    const bool due = lane.state == LaneState::unopened || hole || (later && lane.has_unacknowledged());
    if (!due || lane.retry_at > now) continue;
    result.push_back(id);
    if (result.size() == settings_.lanes_per_open_max) break;
  }
  return result;
}

bool UploaderFsm::ripe(const Lane& lane, SteadyTime now) const {
  if (draining_ || lane.resend || lane.status.lane.lineage != current_) return true;
  const auto pending = pending_bytes_.find(lane.status.lane.stream);
  if (pending != pending_bytes_.end() && pending->second >= settings_.batch_bytes_max) return true;
  return lane.waiting_since && now - *lane.waiting_since >= Nanoseconds(settings_.batch_age);
}

std::optional<SteadyTime> UploaderFsm::next_time(SteadyTime now) {
  std::optional<SteadyTime> earliest;
  const auto consider = [&](SteadyTime time) {
    if (time > now && (!earliest || time < *earliest)) earliest = time;
  };
  for (const std::string& stream : lanes_.streams()) {
    const Lane* lane = lanes_.head(stream);
    if (lane == nullptr) continue;
    consider(lane->retry_at);
    if (lane->state == LaneState::ready && lane->waiting_since)
      consider(*lane->waiting_since + Nanoseconds(settings_.batch_age));
  }
  return earliest;
}

void UploaderFsm::sent(std::span<const SentBatch> batches, SteadyTime now) {
  for (const SentBatch& batch : batches) {
    Lane* lane = lanes_.find(batch.lane);
    if (lane == nullptr) continue;
    lane->sent = batch.last();
    lane->resend = false;
    lane->waiting_since.reset();
    if (lane->has_unsent()) lane->waiting_since = now;
    std::uint64_t& pending = pending_bytes_[batch.lane.stream];
    pending = lane->has_unsent() ? pending - std::min(pending, batch.raw_bytes) : 0;
  }
  if (!lanes_.streams().empty()) turn_ = (turn_ + 1) % lanes_.streams().size();
}

void UploaderFsm::hole_found(const spool::LaneId& id, std::uint64_t after, std::uint64_t first) {
  Lane* lane = lanes_.find(id);
  if (lane == nullptr || lane->settled() < after) return;
  lane->resume_at = std::max(lane->resume_at, first);
}

void UploaderFsm::no_room(const spool::LaneId& id, SteadyTime now) {
  if (Lane* lane = lanes_.find(id)) lane_later(*lane, lane->state, "the spool has no room to seal a batch", now);
}

void UploaderFsm::nothing_there(const spool::LaneId& id, std::uint64_t after) {
  Lane* lane = lanes_.find(id);
  if (lane == nullptr || lane->settled() < after) return;
  lane->resume_at = lane->status.last + 1;
  lane->base = lane->sent = lane->status.last;
}

// --- Replies --------------------------------------------------------------------------------------------------------

Actions UploaderFsm::opened(std::span<const spool::LaneId> lanes, const wire::upload::OpenReply& reply,
                            SteadyTime now) {
  Actions actions;
  link_up();
  if (reply.timeline != timeline_) {
    if (timeline_ != 0) actions.push_back(Tell{Tell::What::timeline_changed, {}, std::to_string(reply.timeline)});
    timeline_ = reply.timeline;
    actions.push_back(RememberTimeline{timeline_});
    lanes_.close_session();
  }
  if (reply.request_bytes_max != 0) request_bytes_max_ = std::min(settings_.request_bytes_max, reply.request_bytes_max);
  keep_maps(reply.maps);
  for (std::size_t i = 0; i < lanes.size() && i < reply.lanes.size(); ++i)
    if (Lane* lane = lanes_.find(lanes[i])) open_lane_replied(*lane, reply.lanes[i], now, actions);
  return actions;
}

void UploaderFsm::open_lane_replied(Lane& lane, const wire::upload::OpenLaneReply& reply, SteadyTime now,
                                    Actions& actions) {
  const std::string& stream = lane.status.lane.stream;
  switch (reply.state) {
    case OpenState::ready: lane_ready(lane, reply, actions); break;
    case OpenState::missing_stream:
      lane_later(lane, LaneState::missing_stream, "the stream does not exist", now);
      if (lane.has_unacknowledged()) tell_once(Tell::What::missing_stream, stream, reply.message, actions);
      break;
    case OpenState::stale: lane_stale(lane, reply.last, actions); break;
    case OpenState::refused:
      lane_later(lane, LaneState::refused, reply.message, now);
      tell_once(Tell::What::refused, stream, reply.message, actions);
      break;
  }
}

void UploaderFsm::lane_ready(Lane& lane, const wire::upload::OpenLaneReply& reply, Actions& actions) {
  lane.state = LaneState::ready;
  lane.message.clear();
  lane.retry_at = {};
  told_.erase({Tell::What::missing_stream, lane.status.lane.stream});
  told_.erase({Tell::What::refused, lane.status.lane.stream});
  lane.incarnation = reply.incarnation;
  const bool same_stream = lane.status.incarnation == reply.incarnation;
  const std::uint64_t before_first = lane.start() - 1;
  std::uint64_t& acked = lane.status.acked;
  if (same_stream && reply.last < acked) declare_lost(lane, reply.last + 1, std::min(acked, before_first), actions);
  // Another incarnation gets everything the spool still has: what the deleted stream acknowledged is gone with it.
  const std::uint64_t there = same_stream ? reply.last : 0;
  if (acked > std::max(there, before_first)) {
    acked = std::max(there, before_first);
    actions.push_back(LowerAcknowledged{lane.status.lane, acked});
  }
  // What the gateway has beyond that is sent all the same: only its checksum tells a lost reply from a copied machine.
  lane.base = std::max(acked, before_first);
  lane.sent = lane.base;
}

void UploaderFsm::declare_lost(const Lane& lane, std::uint64_t from, std::uint64_t to, Actions& actions) {
  if (from > to) return;
  const spool::LaneId& id = lane.status.lane;
  actions.push_back(DeclareGap{{id, from, to, {}, "gateway_lost"}});
  actions.push_back(Tell{Tell::What::gateway_lost, id.stream,
                         std::to_string(to - from + 1) + " acknowledged records are no longer there nor here"});
}

Actions UploaderFsm::replied(std::span<const SentBatch> batches, const wire::upload::BatchesReply& reply,
                             SteadyTime now) {
  Actions actions;
  link_up();
  if (reply.timeline != timeline_) {
    // A5: an answer of another timeline acknowledges nothing.
    lanes_.close_session();
    return actions;
  }
  request_bytes_now_ = std::min(settings_.request_bytes_max, 2 * request_bytes_now_);
  keep_maps(reply.maps);
  bool all_taken = reply.lanes.size() == batches.size();
  for (std::size_t i = 0; i < batches.size() && i < reply.lanes.size(); ++i) {
    Lane* lane = lanes_.find(batches[i].lane);
    // A lane set aside by an earlier batch of this request: what followed was settled with it.
    if (lane == nullptr || lane->set_aside()) continue;
    lane_replied(*lane, batches[i], reply.lanes[i], now, actions);
    all_taken = all_taken && reply.lanes[i].outcome <= LaneOutcome::unverified;
  }
  if (!all_taken) lanes_.rewind();
  return actions;
}

void UploaderFsm::lane_replied(Lane& lane, const SentBatch& batch, const wire::upload::LaneReply& reply, SteadyTime now,
                               Actions& actions) {
  const std::string& stream = batch.lane.stream;
  switch (reply.outcome) {
    case LaneOutcome::committed:
    case LaneOutcome::duplicate:
    case LaneOutcome::unverified:
      lane.backoff.reset();
      actions.push_back(Acknowledge{batch.lane, batch.last(), lane.incarnation});
      lane.status.acked = std::max(lane.status.acked, batch.last());
      break;
    case LaneOutcome::gap: lane_gap(lane, reply.last, now, actions); break;
    case LaneOutcome::forked: lane_forked(lane, batch, actions); break;
    case LaneOutcome::stale: lane_stale(lane, reply.last, actions); break;
    case LaneOutcome::missing_stream:
      lane_later(lane, LaneState::missing_stream, "the stream does not exist", now);
      tell_once(Tell::What::missing_stream, stream, reply.message, actions);
      break;
    case LaneOutcome::reopen: lane_reopens(lane, reply.message, now); break;
    case LaneOutcome::throttled: lane_later(lane, LaneState::ready, reply.message, now); break;
    case LaneOutcome::refused: lane_refused(lane, batch, reply.message, now, actions); break;
  }
}

void UploaderFsm::lane_gap(Lane& lane, std::uint64_t gateway_last, SteadyTime now, Actions& actions) {
  if (gateway_last + 1 < lane.start()) {
    // The spool no longer has what is missing: OPEN settles what is lost (A7).
    lane_reopens(lane, "the gateway misses records that this spool has freed", now);
    return;
  }
  if (gateway_last < lane.status.acked) {
    actions.push_back(LowerAcknowledged{lane.status.lane, gateway_last});
    lane.status.acked = gateway_last;
  }
  lane.base = std::min(lane.base, gateway_last);
}

void UploaderFsm::lane_forked(Lane& lane, const SentBatch& batch, Actions& actions) {
  if (batch.lane.lineage == current_) {
    actions.push_back(
        RestartNeeded{"the gateway has other records under this run's identity: another copy of this "
                      "machine is running; a restart takes a new identity",
                      0});
    return;
  }
  move_lane(lane, batch.first, actions);
}

void UploaderFsm::lane_stale(Lane& lane, std::uint64_t through, Actions& actions) {
  lane.state = LaneState::stale;
  lane.message = "the gateway has forgotten this lineage";
  const spool::LaneId& id = lane.status.lane;
  if (id.lineage != current_) {
    if (lane.has_unacknowledged()) tell_once(Tell::What::stale, id.stream, lane.message, actions);
    return;
  }
  actions.push_back(
      RestartNeeded{"the gateway has closed this run's identity: another copy of this machine runs, or an "
                    "older image of it was put back; a restart takes a new identity",
                    through + 1});
}

void UploaderFsm::move_lane(Lane& lane, std::uint64_t from, Actions& actions) {
  if (from <= lane.status.last) actions.push_back(Reseal{lane.status.lane, from, lane.status.last});
  actions.push_back(Acknowledge{lane.status.lane, lane.status.last, lane.incarnation});
  lane.status.acked = lane.status.last;
  lane.state = LaneState::moved;
}

Actions UploaderFsm::moved_before(const spool::LaneId& id, std::uint64_t through) {
  Actions actions;
  if (Lane* lane = lanes_.find(id)) move_lane(*lane, std::max(through, lane->status.acked) + 1, actions);
  return actions;
}

void UploaderFsm::lane_refused(Lane& lane, const SentBatch& batch, const std::string& message, SteadyTime now,
                               Actions& actions) {
  tell_once(Tell::What::refused, batch.lane.stream, message, actions);
  actions.push_back(SetAside{batch.lane, batch.first, batch.last(), message});
  actions.push_back(DeclareGap{{batch.lane, batch.first, batch.last(), {}, "refused"}});
  // Goes on behind it once the gap is durable; without room for that, it is sent and refused again later.
  lane_reopens(lane, message, now);
}

void UploaderFsm::gap_declared(const spool::LaneId& id, std::uint64_t through) {
  Lane* lane = lanes_.find(id);
  if (lane == nullptr) return;
  lane->resume_at = std::max(lane->resume_at, through + 1);
  lane->backoff.reset();
  lane->retry_at = {};
}

void UploaderFsm::lane_later(Lane& lane, LaneState state, const std::string& message, SteadyTime now) {
  lane.state = state;
  lane.message = message;
  lane.retry_at = now + Nanoseconds(lane.backoff.next(entropy_.next_u64()));
}

void UploaderFsm::lane_reopens(Lane& lane, const std::string& message, SteadyTime now) {
  const bool first_time = lane.backoff.failures() == 0;
  lane_later(lane, LaneState::unopened, message, now);
  if (first_time) lane.retry_at = now;
}

void UploaderFsm::keep_maps(std::span<const wire::upload::StreamMap> maps) {
  for (const wire::upload::StreamMap& map : maps) maps_[map.stream] = map;
}

void UploaderFsm::tell_once(Tell::What what, const std::string& stream, std::string message, Actions& actions) {
  if (told_.insert({what, stream}).second) actions.push_back(Tell{what, stream, std::move(message)});
}

void UploaderFsm::failed(FailureKind kind, std::optional<Milliseconds> retry_after, SteadyTime now,
                         std::uint64_t request_bytes) {
  lanes_.rewind();
  if (request_bytes != 0 && (kind == FailureKind::link || kind == FailureKind::too_large)) {
    std::uint64_t& bound = kind == FailureKind::link ? request_bytes_now_ : request_bytes_cap_;
    bound = std::max(std::min(bound, request_bytes / 2), settings_.request_bytes_min);
  }
  if (kind == FailureKind::clock_skew) return;
  const Milliseconds wait = std::max(backoff_.next(entropy_.next_u64()), retry_after.value_or(Milliseconds(0)));
  retry_at_ = now + Nanoseconds(std::min(wait, settings_.backoff_cap));
}

}  // namespace forebay::agent
