#include "agent/uploader/upload_session.h"

#include <algorithm>

#include "agent/agent_metrics.h"
#include "agent/uploader/moved_lanes.h"

namespace forebay::agent {
namespace {

/// Encoded batch fields beside its parts, at most: names, numbers and part lengths.
constexpr std::size_t kBatchOverheadBytes = 512;

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

UploadSession::UploadSession(Parts parts, const UploadSettings& settings, std::uint64_t timeline)
    : parts_(std::move(parts)),
      settings_(settings),
      logger_(parts_.logger.child("uploader")),
      fsm_(settings, parts_.spool.lineage(), timeline, parts_.entropy) {
  status_.timeline = timeline;
}

Result<void> UploadSession::start() {
  fsm_.lanes_changed(parts_.spool.lanes(), parts_.clock.steady_now());
  std::map<spool::LaneId, std::uint64_t> moved;  // begun, and how far
  for (const auto& [source, position] : parts_.spool.source_positions())
    if (const auto lane = parse_moved_lane(source, position)) {
      if (fsm_.lanes().all().contains(lane->lane))
        moved[lane->lane] = lane->through;
      else
        parts_.spool.forget_source(source);
    }
  for (const auto& [id, lane] : fsm_.lanes().all())
    if (std::find(parts_.closed.begin(), parts_.closed.end(), id.lineage) != parts_.closed.end())
      moved.try_emplace(id, 0);
  for (const auto& [id, through] : moved)
    for (const Action& action : fsm_.moved_before(id, through)) FB_CHECK(perform_one(action));
  return {};
}

Step UploadSession::next(bool in_flight) {
  const SteadyTime now = parts_.clock.steady_now();
  fsm_.lanes_changed(parts_.spool.lanes(), now);
  return fsm_.next(now, in_flight);
}

// --- Cutting --------------------------------------------------------------------------------------------------------

Result<std::optional<UploadRequest>> UploadSession::prepare(const StepSend& step) {
  Draft draft;
  draft.message.device = parts_.device;
  draft.message.timeline = fsm_.timeline();
  std::vector<BatchPlan> plans = step.plans;
  // Each lane gives one batch, then those with a full one give another, so that a backlog takes few requests.
  for (std::size_t round = 0; round < settings_.lane_batches_per_request_max && !plans.empty(); ++round) {
    std::vector<BatchPlan> more;
    for (BatchPlan& plan : plans) {
      if (draft.full) break;
      FB_TRY(const bool lane_has_more, add_batch(plan, draft));
      if (lane_has_more) more.push_back(plan);
    }
    plans.swap(more);
  }
  UploadRequest request;
  if (draft.batches.empty()) return std::optional<UploadRequest>();
  // The parts are referred to only now: the buffers above them moved while there were more of them.
  for (std::size_t i = 0; i < draft.batches.size(); ++i) draft.message.batches[i].parts = built_[i].parts();
  request.batches = std::move(draft.batches);
  request.body.reserve(draft.bytes + kBatchOverheadBytes);
  wire::upload::encode(draft.message, request.body);
  parts_.failpoints.reach(Failpoint::request_encoded);
  fsm_.sent(request.batches, parts_.clock.steady_now());
  return std::optional<UploadRequest>(std::move(request));
}

/// Adds the next batch of the plan's lane and moves the plan behind it. True: the lane has more for this request.
Result<bool> UploadSession::add_batch(BatchPlan& plan, Draft& draft) {
  FB_TRY(const auto sealed, cut(plan));
  if (!sealed) return false;
  if (draft.batches.size() == built_.size()) built_.emplace_back();
  BuiltBatch& built = built_[draft.batches.size()];
  FB_CHECK(builder_.build(*sealed, built));
  parts_.failpoints.reach(Failpoint::batch_built);
  // A batch over the limit waits for the next request, unless it is the first: then it must go.
  const std::size_t limit = fsm_.request_bytes_max();
  draft.full = !draft.batches.empty() && draft.bytes + built.bytes.size() + kBatchOverheadBytes > limit;
  if (draft.full) return false;
  const spool::Seal& seal = sealed->seal;
  const Lane& lane = fsm_.lanes().all().at(plan.lane);
  wire::upload::UploadBatch batch;
  batch.lineage = plan.lane.lineage;
  batch.stream = plan.lane.stream;
  batch.incarnation = lane.incarnation;
  batch.base = lane.base;
  batch.first = seal.first;
  batch.count = seal.count;
  batch.records_crc = seal.records_crc;
  batch.map_version = seal.map_version;
  draft.message.batches.push_back(std::move(batch));
  draft.batches.push_back({plan.lane, seal.first, seal.count, built.raw_bytes});
  draft.bytes += built.bytes.size() + kBatchOverheadBytes;
  draft.raw_bytes += built.raw_bytes;
  draft.full = draft.bytes >= limit || draft.raw_bytes >= settings_.request_bytes_max ||
               draft.batches.size() >= settings_.batches_per_request_max;
  plan.after = draft.batches.back().last();
  return !draft.full && built.raw_bytes >= batch_bytes_max() / 2;
}

/// The sealed batch after the plan's place. Empty: nothing is there, or a hole that must be settled first.
Result<std::optional<spool::SealedBatch>> UploadSession::cut(const BatchPlan& plan) {
  spool::Spool::BatchLimits limits;
  limits.bytes_max = batch_bytes_max();
  limits.codec = settings_.codec;
  if (const auto* map = fsm_.map_of(plan.lane.stream)) {
    limits.map_version = map->map_version;
    limits.shard_ranges = map->ranges;
  }
  auto next = parts_.spool.next_batch(plan.lane, plan.after, limits);
  if (!next && next.error().code == Errc::no_space) {
    logger_.warning("the spool has no room to seal a batch; it is tried again", {{"reason", next.error().context}});
    fsm_.no_room(plan.lane, parts_.clock.steady_now());
    return std::optional<spool::SealedBatch>();
  }
  FB_TRY(auto sealed, std::move(next));
  if (!sealed) {
    fsm_.nothing_there(plan.lane, plan.after);
    return std::optional<spool::SealedBatch>();
  }
  parts_.failpoints.reach(Failpoint::batch_sealed);
  if (sealed->seal.first <= plan.after + 1) return sealed;
  fsm_.hole_found(plan.lane, plan.after, sealed->seal.first);
  return std::optional<spool::SealedBatch>();
}

// --- Replies --------------------------------------------------------------------------------------------------------

wire::upload::OpenRequest UploadSession::open_request(const StepOpen& step) const {
  wire::upload::OpenRequest request;
  request.device = parts_.device;
  request.agent_version = parts_.agent_version;
  request.timeline = fsm_.timeline();
  for (const spool::LaneId& lane : step.lanes) {
    auto it = std::find(request.lineages.begin(), request.lineages.end(), lane.lineage);
    if (it == request.lineages.end()) it = request.lineages.insert(it, lane.lineage);
    request.lanes.push_back(fsm_.open_lane(lane, static_cast<std::uint32_t>(it - request.lineages.begin())));
  }
  return request;
}

wire::upload::CloseRequest UploadSession::close_request(const StepClose& step) const {
  wire::upload::CloseRequest request;
  request.device = parts_.device;
  request.root = parts_.spool.lineage().root;
  request.through = step.through;
  return request;
}

void UploadSession::complete_close(const StepClose& step, const UploadResult<std::monostate>& reply) {
  if (const auto* failure = std::get_if<UploadFailure>(&reply)) {
    note_failure(*failure);
    fsm_.failed(failure->kind, failure->retry_after, parts_.clock.steady_now());
    return;
  }
  note_success(false);
  parts_.metrics.counter(metrics::kClosedLineages).add();
  parts_.spool.forget_closed(step.through);
  fsm_.closed(step.through);
  fsm_.lanes_changed(parts_.spool.lanes(), parts_.clock.steady_now());
}

Result<void> UploadSession::complete_open(const StepOpen& step, UploadResult<wire::upload::OpenReply> result) {
  if (const auto* reply = std::get_if<wire::upload::OpenReply>(&result);
      reply && reply->lanes.size() != step.lanes.size())
    result = UploadFailure{FailureKind::protocol, {}, "the gateway answered another number of lanes"};
  if (const auto* failure = std::get_if<UploadFailure>(&result)) {
    note_failure(*failure);
    fsm_.failed(failure->kind, failure->retry_after, parts_.clock.steady_now());
    return {};
  }
  parts_.failpoints.reach(Failpoint::open_replied);
  note_success(false);
  return perform(fsm_.opened(step.lanes, std::get<wire::upload::OpenReply>(result), parts_.clock.steady_now()));
}

Result<bool> UploadSession::complete(const UploadRequest& request, UploadResult<wire::upload::BatchesReply> result) {
  const SteadyTime now = parts_.clock.steady_now();
  if (const auto* reply = std::get_if<wire::upload::BatchesReply>(&result);
      reply && reply->timeline == fsm_.timeline() && reply->lanes.size() != request.batches.size())
    result = UploadFailure{FailureKind::protocol, {}, "the gateway answered another number of batches"};
  if (const auto* failure = std::get_if<UploadFailure>(&result)) {
    note_failure(*failure);
    fsm_.failed(failure->kind, failure->retry_after, now, request.body.size());
    return false;
  }
  parts_.failpoints.reach(Failpoint::after_reply);
  const auto& reply = std::get<wire::upload::BatchesReply>(result);
  parts_.metrics.counter(metrics::kRequests).add();
  parts_.metrics.counter(metrics::kRequestBytes).add(request.body.size());
  bool all_taken = reply.timeline == fsm_.timeline();
  std::uint64_t records = 0;
  for (std::size_t i = 0; all_taken && i < reply.lanes.size(); ++i) {
    using wire::upload::LaneOutcome;
    all_taken = reply.lanes[i].outcome <= LaneOutcome::unverified;
    if (reply.lanes[i].outcome == LaneOutcome::unverified) parts_.metrics.counter(metrics::kUnverifiedBatches).add();
    if (all_taken) records += request.batches[i].count;
  }
  FB_CHECK(perform(fsm_.replied(request.batches, reply, now)));
  parts_.metrics.counter(metrics::kAcknowledgedRecords).add(records);
  note_success(records > 0);
  return all_taken;
}

Result<void> UploadSession::perform(const Actions& actions) {
  for (const Action& action : actions) {
    const auto result = perform_one(action);
    if (result) continue;
    if (result.error().code != Errc::no_space) return result;
    // What follows must not run: nothing may be acknowledged that was not moved. The next start continues.
    logger_.error("the spool has no room to set records aside", {{"reason", result.error().context}});
    restart_needed_ = restart_needed_ || std::holds_alternative<Reseal>(action);
    return {};
  }
  return {};
}

Result<void> UploadSession::perform_one(const Action& action) {
  return std::visit(
      Overloaded{[&](const Acknowledge& a) { return acknowledge(a); },
                 [&](const LowerAcknowledged& a) {
                   auto result = parts_.spool.lower_acknowledged(a.lane, a.through);
                   parts_.failpoints.reach(Failpoint::acknowledged_lowered);
                   return result;
                 },
                 [&](const DeclareGap& a) {
                   auto result = parts_.spool.declare_gap(a.gap);
                   if (!result) return result;
                   fsm_.gap_declared(a.gap.lane, a.gap.to);
                   parts_.metrics.counter(metrics::kDeclaredGaps).add();
                   parts_.failpoints.reach(Failpoint::gap_declared);
                   return result;
                 },
                 [&](const Reseal& a) { return reseal(a); }, [&](const SetAside& a) { return set_aside(a); },
                 [&](const RememberTimeline& a) {
                   parts_.remember_timeline(a.timeline);
                   const std::lock_guard lock(status_mutex_);
                   status_.timeline = a.timeline;
                   return Result<void>();
                 },
                 [&](const RestartNeeded& a) { return restart(a); },
                 [&](const Tell& a) {
                   tell(a);
                   return Result<void>();
                 }},
      action);
}

Result<void> UploadSession::acknowledge(const Acknowledge& action) {
  parts_.failpoints.reach(Failpoint::before_acknowledge);
  FB_CHECK(parts_.spool.acknowledge(action.lane, action.through, action.incarnation));
  parts_.failpoints.reach(Failpoint::after_acknowledge);
  parts_.space_freed();
  return {};
}

Result<void> UploadSession::reseal(const Reseal& action) {
  logger_.warning("the gateway has other records under these numbers; they are sent again under new ones",
                  {{"stream", action.lane.stream}, {"from", action.from}, {"to", action.to}});
  std::uint64_t next = action.from;
  while (next <= action.to) {
    FB_TRY(const auto sealed, parts_.spool.next_batch(action.lane, next - 1, {}));
    if (!sealed) break;
    const std::uint64_t last = sealed->seal.first + sealed->seal.count - 1;
    FB_TRY(const auto chunk, moved_chunk(*sealed, next));
    FB_CHECK(parts_.spool.move(chunk, action.lane, last));
    parts_.failpoints.reach(Failpoint::records_resealed);
    parts_.metrics.counter(metrics::kResealedRecords).add(chunk.count());
    next = last + 1;
  }
  return {};
}

Result<void> UploadSession::restart(const RestartNeeded& action) {
  logger_.error("this run cannot go on under its identity and ends", {{"reason", action.reason}});
  if (action.ordinal_min != 0) FB_CHECK(parts_.remember_closed(action.ordinal_min));
  restart_needed_ = true;
  return {};
}

Result<void> UploadSession::set_aside(const SetAside& action) {
  FB_TRY(const auto sealed, parts_.spool.next_batch(action.lane, action.from - 1, {}));
  if (!sealed) return {};
  if (auto parked = parts_.parked.park(*sealed, action.reason); !parked)
    logger_.error("a refused batch could not be kept in a file", {{"reason", parked.error().context}});
  return {};
}

// --- What people see ------------------------------------------------------------------------------------------------

void UploadSession::tell(const Tell& tell) {
  switch (tell.what) {
    case Tell::What::missing_stream:
      logger_.warning("the stream does not exist; its records are kept until it does; create it with",
                      {{"command", "forebay stream create " + tell.stream + " --shards 1"}});
      return;
    case Tell::What::stale:
      logger_.error("the gateway has closed this lineage; its records stay in the spool", {{"stream", tell.stream}});
      return;
    case Tell::What::refused:
      logger_.error("the gateway refuses records", {{"stream", tell.stream}, {"reason", tell.message}});
      return;
    case Tell::What::timeline_changed:
      logger_.warning("the gateway went back to an earlier state; what it lost is sent again",
                      {{"timeline", tell.message}});
      return;
    case Tell::What::gateway_lost:
      logger_.error("the gateway lost records that this spool has freed; the loss is declared in the stream",
                    {{"stream", tell.stream}, {"reason", tell.message}});
      return;
  }
}

void UploadSession::note_failure(const UploadFailure& failure) {
  if (failure.kind == FailureKind::stopped) return;
  parts_.metrics.counter(metrics::kRequestFailures).add();
  if (failure.kind == FailureKind::clock_skew) return;
  if (failure.kind == FailureKind::permission)
    logger_.error(
        "the gateway refuses this agent; check gateway.key_file, the key's device pattern and gateway.ca_file",
        {{"reason", failure.message}});
  else
    logger_.warning("upload failed; trying again", {{"reason", failure.message}});
  const std::lock_guard lock(status_mutex_);
  status_.link = failure.kind == FailureKind::link ? LinkState::down : LinkState::up;
  status_.last_error = failure.message;
  status_.last_error_time = parts_.clock.wall_now();
}

void UploadSession::note_success(bool acknowledged) {
  const std::lock_guard lock(status_mutex_);
  status_.link = LinkState::up;
  if (acknowledged) status_.last_acknowledged = parts_.clock.wall_now();
  status_.lanes_set_aside = 0;
  status_.lanes_waiting_for_stream = 0;
  for (const auto& [id, lane] : fsm_.lanes().all()) {
    if (lane.state == LaneState::stale) ++status_.lanes_set_aside;
    if (lane.state == LaneState::missing_stream) ++status_.lanes_waiting_for_stream;
  }
}

UploadStatus UploadSession::status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

}  // namespace forebay::agent
