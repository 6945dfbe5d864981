#include "gateway/delivery/engine/delivery_runner.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <set>

#include "base/hex.h"
#include "gateway/delivery/engine/leftovers.h"
#include "gateway/delivery/engine/object_lane.h"
#include "gateway/delivery/engine/object_plan.h"
#include "gateway/delivery/engine/record_lane.h"

/// Lanes: how they begin and end. What there should be at all stands in delivery_reconcile.cpp.
namespace forebay::gateway::delivery {
namespace {

/// A coroutine of ours answers failures itself; what comes here has run out of memory.
void log_fault(const Logger& logger, const std::exception_ptr& fault) {
  if (!fault) return;
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& error) {
    logger.error("delivery: a task ended by an exception", {{"error", error.what()}});
  }
}

}  // namespace

void DeliveryRunner::restore(const LaneRow& row, std::optional<CutRow> cut, LaneMarks delivered) {
  Slot& slot = slots_[row.key];
  slot.row = row;
  if (!delivered.empty()) slot.delivered = std::make_shared<const LaneMarks>(std::move(delivered));
  // An earlier process may have sent a manifest entry of it: only the manifest can tell.
  if (cut && cut->index == row.next_index) slot.cut = CutUnderWay{*std::move(cut), false, {}, {}};
}

std::map<LaneKey, stream::Offset> DeliveryRunner::expect_manifests(const std::map<LaneKey, stream::Offset>& known) {
  std::map<LaneKey, stream::Offset> fresh;
  const auto progress = state_->progress();  // of the shards that are there
  const CompiledPtr compiled = state_->compiled();
  for (auto& [key, slot] : slots_) {
    const auto shard = progress.find(key);
    // What a replay reads was there when it was asked for.
    if (slot.row.finished || slot.row.until || shard == progress.end()) continue;
    // Where no manifest is written none is to be met, and the lane goes on behind what would be noted now.
    if (compiled && !slot.cut && !object_plan(compiled->definition, key.track)) continue;
    if (const auto noted = known.find(key); noted != known.end())
      slot.log_end = noted->second;
    else
      slot.log_end = fresh[key] = shard->second.shard->end_offset();
  }
  return fresh;
}

std::vector<std::shared_ptr<Lane>> DeliveryRunner::lanes_to_read() const {
  std::vector<std::shared_ptr<Lane>> lanes;
  const CompiledPtr compiled = state_->compiled();
  const stream::StreamPtr stream =
      compiled ? services_.streams().find(state_->info().account, compiled->definition.source_stream) : nullptr;
  if (!stream) return lanes;
  for (const auto& [key, slot] : slots_) {
    const auto shard = stream->id == key.stream ? stream->shard(key.shard) : nullptr;
    const bool as_defined = !slot.cut || slot.cut->row.version == compiled->version;
    if (shard && slot.log_end && as_defined && object_plan(compiled->definition, key.track))
      lanes.push_back(make_lane(slot, *stream, shard, compiled));
  }
  return lanes;
}

void DeliveryRunner::count_lanes(std::map<stream::StreamId, std::size_t>& counts) const {
  for (const auto& [key, slot] : slots_)
    if (!slot.row.finished && !slot.row.until) ++counts[key.stream];
}

void DeliveryRunner::adopted(const Lane& lane) {
  Slot& slot = slots_[lane.row.key];
  slot.row = lane.row;
  slot.cut = lane.cut;
  slot.log_end = lane.log_end;
  slot.delivered = lane.delivered;
}

void DeliveryRunner::set_first_holds(const std::function<stream::StreamPtr(stream::StreamId)>& find_stream) {
  for (const auto& [key, slot] : slots_) {
    const stream::StreamPtr stream = find_stream(key.stream);
    const auto shard = stream ? stream->shard(key.shard) : nullptr;
    if (shard) adopt_slot(slot.row, shard);
  }
}

void DeliveryRunner::adopt_slot(const LaneRow& row, const std::shared_ptr<const stream::Shard>& shard) {
  state_->set_progress(row.key, {shard, row.first, row.next, row.until, std::nullopt, row.finished});
  if (!row.finished) services_.holds.set(row.key, shard, row.next);
}

void DeliveryRunner::add_lanes(const std::vector<LaneRow>& lanes) {
  for (const LaneRow& row : lanes) slots_[row.key].row = row;
  bell_.wake_all();
}

void DeliveryRunner::drop_track(const std::string& track) {
  rates_.erase(track);
  for (auto slot = slots_.begin(); slot != slots_.end();) {
    const bool is_of_it = slot->first.track == track;
    if (is_of_it && slot->second.at_work) slot->second.drop = true;
    if (is_of_it) release(slot->first);
    slot = is_of_it && !slot->second.at_work ? slots_.erase(slot) : std::next(slot);
  }
}

bool DeliveryRunner::is_at_work(const std::string& track) const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [&](const auto& entry) { return entry.first.track == track && entry.second.at_work; });
}

void DeliveryRunner::release(const LaneKey& key) {
  services_.holds.release(key);
  state_->drop_progress(key);
}

void DeliveryRunner::forget() {
  for (const auto& [key, slot] : slots_) release(key);
  show();
}

void DeliveryRunner::restart_lanes() {
  state_->raise_generation();
  state_->sleeper().wake_all();
  state_->ring_for_letters();
  if (is_over()) clean_bell_.wake_all();
  bell_.wake_all();
}

void DeliveryRunner::start(const std::shared_ptr<DeliveryRunner>& runner,
                           const boost::asio::any_io_executor& executor) {
  runner->executor_ = executor;
  const Logger logger = runner->services_.logger;
  const auto ended = [logger](const std::exception_ptr& fault) { log_fault(logger, fault); };
  boost::asio::co_spawn(executor, supervise(runner), ended);
  boost::asio::co_spawn(executor, send_dead_letters(runner), ended);
  boost::asio::co_spawn(executor, keep_clean(runner), ended);
}

Task<void> DeliveryRunner::supervise(std::shared_ptr<DeliveryRunner> runner) {
  while (!runner->is_over()) {
    co_await runner->reconcile();
    if (runner->is_over()) break;
    co_await runner->bell_.sleep(runner->services_.options.watch_interval);
  }
}

std::shared_ptr<RateLimit> DeliveryRunner::rate_of(const std::string& track) {
  if (const auto known = rates_.find(track); known != rates_.end()) return known->second;
  for (const ReplayRow& replay : state_->replays()) {
    if (replay.id != track || replay.request.bytes_per_second == 0) continue;
    return rates_[track] = std::make_shared<RateLimit>(replay.request.bytes_per_second, services_.clock().steady_now());
  }
  return {};
}

std::shared_ptr<Lane> DeliveryRunner::make_lane(const Slot& slot, const stream::Stream& stream,
                                                const std::shared_ptr<const stream::Shard>& shard,
                                                const CompiledPtr& compiled) const {
  const DeliveryInfo info = state_->info();
  SourceShard source;
  source.account = info.account;
  source.region = services_.dependencies.region;
  source.delivery = info.name;
  source.stream = stream.name;
  source.stream_id = stream.id;
  source.shard = shard->number;
  source.shard_created = shard->created;
  source.timeline = services_.streams().timeline();
  return std::make_shared<Lane>(Lane{services_, state_, compiled, state_->generation(), slot.row, slot.cut, source,
                                     shard, nullptr, slot.log_end, slot.delivered});
}

void DeliveryRunner::start_lane(Slot& slot, const stream::Stream& stream,
                                const std::shared_ptr<const stream::Shard>& shard, const CompiledPtr& compiled) {
  auto lane = make_lane(slot, stream, shard, compiled);
  lane->rate = rate_of(slot.row.key.track);
  slot.at_work = true;
  ++at_work_;
  services_.metrics.lanes.add(1);
  boost::asio::co_spawn(executor_, run_lane(shared_from_this(), std::move(lane)),
                        [logger = services_.logger](const std::exception_ptr& fault) { log_fault(logger, fault); });
}

Task<void> DeliveryRunner::run_lane(std::shared_ptr<DeliveryRunner> runner, std::shared_ptr<Lane> lane) {
  LaneEnd end = LaneEnd::left;
  const bool as_objects = lane->cut || object_plan(lane->compiled->definition, lane->row.key.track);
  if (as_objects)
    end = co_await ObjectLane::run(lane);
  else
    end = co_await RecordLane::run(lane);
  runner->lane_ended(*lane, end);
}

void DeliveryRunner::lane_ended(const Lane& lane, LaneEnd end) {
  --at_work_;
  services_.metrics.lanes.add(-1);
  const auto found = slots_.find(lane.row.key);
  if (found == slots_.end()) return;
  Slot& slot = found->second;
  slot.at_work = false;
  adopted(lane);
  if (end == LaneEnd::failed) slot.failed_generation = lane.generation;
  if (slot.drop || state_->is_removed()) {
    release(found->first);
    slots_.erase(found);
  }
  bell_.wake_all();
}

Task<void> DeliveryRunner::send_dead_letters(std::shared_ptr<DeliveryRunner> runner) {
  constexpr Milliseconds idle{60'000};
  EngineServices& services = runner->services_;
  Backoff backoff(services.options.store_backoff);
  std::set<std::string> failing;  // buckets that do not answer must not keep what is for another
  while (!runner->is_over()) {
    const std::uint64_t rings = runner->state_->letter_rings();
    Result<std::optional<DeadLetterRow>> next = std::optional<DeadLetterRow>();
    auto look = [&] { next = services.store->next_dead_letter(runner->state_->id(), failing); };
    co_await services.pool.run(look);
    if (next && !*next && !failing.empty()) {
      failing.clear();
      continue;
    }
    if (next && !*next) {
      if (rings == runner->state_->letter_rings()) co_await runner->state_->letter_bell().sleep(idle);
      continue;
    }
    bool sent = false;
    if (next) {
      DeadLetterRow letter = **std::move(next);
      const std::string bucket = letter.bucket;
      sent = co_await runner->send_letter(std::move(letter));
      if (!sent) failing.insert(bucket);
    }
    if (sent && failing.empty()) backoff.reset();
    if (sent || runner->is_over()) continue;
    const Milliseconds wait = backoff.next(services.dependencies.entropy->next_u64());
    co_await runner->state_->sleeper().sleep(wait);
  }
}

Task<void> DeliveryRunner::keep_clean(std::shared_ptr<DeliveryRunner> runner) {
  EngineServices& services = runner->services_;
  while (!runner->is_over()) {
    Result<void> done;
    auto call = [&] { done = clean_up(services, *runner->state_); };
    co_await services.senders.run(runner->state_->senders(), call);
    if (!done)
      services.logger.warning("a bucket was not cleaned, it is tried again later",
                              {{"delivery", runner->state_->info().name}, {"error", done.error().context}});
    if (!runner->is_over()) co_await runner->clean_bell_.sleep(services.options.clean_interval);
  }
}

Task<bool> DeliveryRunner::send_letter(DeadLetterRow letter) {
  std::optional<Error> problem;
  auto send = [&] {
    auto store = services_.dependencies.sinks->object_store(letter.bucket);
    if (!store) {
      problem = store.error();
      return;
    }
    ObjectToPut put;
    put.key = letter.key;
    put.body = letter.body;
    put.content_type = "application/json";
    auto outcome = (*store)->put(put);
    // Somebody else's has the name: ours gets one that nobody else can have.
    if (outcome && *outcome == PutOutcome::different) {
      put.key += "-" + to_hex(sha256(letter.body)).substr(0, 16);
      outcome = (*store)->put(put);
    }
    if (!outcome)
      problem = outcome.error();
    else if (*outcome == PutOutcome::different)
      problem = Error{Errc::conflict, "another object is named " + put.key};
    if (problem) return;
    const auto gone = services_.checked(services_.store->remove_dead_letter(letter.id));
    if (!gone) problem = gone.error();
  };
  co_await services_.senders.run(state_->senders(), send);
  if (!problem) co_return true;
  services_.metrics.failures.add();
  state_->failed("dead letters: " + problem->context, services_.clock().wall_now());
  services_.logger.warning("dead letters were not taken, they are sent again",
                           {{"delivery", state_->info().name}, {"error", problem->context}});
  co_return false;
}

}  // namespace forebay::gateway::delivery
