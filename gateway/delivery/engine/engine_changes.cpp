#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "gateway/delivery/engine/dead_letter.h"
#include "gateway/delivery/engine/engine_state.h"
#include "gateway/delivery/engine/object_plan.h"

/// Changes of delivery streams. Streams of direct puts are made and removed where the call came from; everything else
/// happens on the loop.
namespace forebay::gateway::delivery {
namespace {

constexpr Milliseconds kLaneLook{10};

Error no_such(std::string_view name) {
  return Error{Errc::not_found, "there is no delivery stream " + std::string(name)};
}

/// A shard that stands for all those to come, to try a sink with.
SourceShard sample_source(const DeliveryInfo& info, const DeliveryDefinition& definition, std::string region) {
  SourceShard source;
  source.account = info.account;
  source.region = std::move(region);
  source.delivery = info.name;
  source.stream = definition.source_stream;
  return source;
}

/// One change of a delivery stream: another begins when it has ended, and reads what it has left.
class Change {
 public:
  static Task<Change> begin(DeliveryStatePtr delivery) {
    while (delivery->is_changing) co_await delivery->sleeper().sleep(kLaneLook);
    delivery->is_changing = true;
    co_return Change(std::move(delivery));
  }
  Change(Change&&) = default;
  Change& operator=(Change&&) = delete;
  ~Change() {
    if (delivery_) delivery_->is_changing = false;
  }

 private:
  explicit Change(DeliveryStatePtr delivery) : delivery_(std::move(delivery)) {}
  DeliveryStatePtr delivery_;
};

}  // namespace

Task<Result<void>> DeliveryEngine::State::save(std::function<Result<void>()> change) {
  Result<void> done;
  auto call = [&] { done = services.checked(change()); };
  co_await services.pool.run(call);
  co_return done;
}

Result<void> DeliveryEngine::State::check(const DeliveryInfo& info, const DeliveryDefinition& definition) const {
  for (const std::string_view track : {kLiveTrack, kBackupTrack}) {
    const auto plan = object_plan(definition, track);
    if (!plan) continue;
    FB_CHECK(services.dependencies.make_builder(plan->processing, plan->objects));
    FB_CHECK(services.dependencies.sinks->object_store(plan->objects.bucket));
  }
  const auto* records = std::get_if<RecordDestination>(&definition.destination);
  if (records == nullptr) return {};
  if (!records->dead_letters.objects.bucket.empty()) {
    FB_CHECK(check_dead_letters(*records));
    FB_CHECK(services.dependencies.sinks->object_store(records->dead_letters.objects.bucket));
  }
  FB_CHECK(services.dependencies.sinks->record_sink(*records,
                                                    sample_source(info, definition, services.dependencies.region)));
  return {};
}

std::vector<LaneRow> DeliveryEngine::State::first_lanes(const stream::Stream& stream,
                                                        const DeliveryDefinition& definition) const {
  std::vector<LaneRow> lanes;
  const bool from_start = definition.from_start || definition.direct_put;
  for (const std::string_view track : {kLiveTrack, kBackupTrack}) {
    if (track == kBackupTrack && !object_plan(definition, track)) continue;
    for (const auto& shard : stream.shards) {
      LaneRow row;
      row.key = {DeliveryId(), stream.id, shard->number, std::string(track)};
      row.timeline = services.streams().timeline();
      row.first = row.next = from_start ? shard->start_offset() : shard->end_offset();
      row.finished = shard->closed && !from_start;
      lanes.push_back(std::move(row));
    }
  }
  return lanes;
}

Task<Result<DeliveryInfo>> DeliveryEngine::create(DeliveryInfo info, DeliveryDefinition definition) {
  EngineServices& services = state_->services;
  if (state_->find(info.account, info.name))
    co_return Error{Errc::already_exists, "delivery stream " + info.name + " exists"};
  if (list(info.account, "", services.options.deliveries_max).size() >= services.options.deliveries_max)
    co_return Error{Errc::too_large,
                    "an account has at most " + std::to_string(services.options.deliveries_max) + " delivery streams"};
  if (definition.direct_put) definition.source_stream = direct_put_stream(info.name);
  Result<void> checked;
  auto check = [&] { checked = state_->check(info, definition); };
  co_await services.senders.run(services.checks, check);
  if (!checked) co_return std::move(checked).error();
  if (definition.direct_put) {
    stream::CreateStream request;
    request.account = info.account;
    request.name = definition.source_stream;
    request.shard_count = services.options.direct_put_shards;
    request.retention_hours = services.options.direct_put_retention_hours;
    auto made = co_await services.streams().create(std::move(request));
    // One that is there is of a creation that a crash cut short.
    if (!made && made.error().code != Errc::already_exists) co_return std::move(made).error();
  }
  const stream::StreamPtr stream = services.streams().find(info.account, definition.source_stream);
  if (!stream) co_return Error{Errc::not_found, "there is no stream " + definition.source_stream};
  info.version = 1;
  info.created = info.updated = services.clock().wall_now();
  auto compiled = std::make_shared<const CompiledDelivery>(CompiledDelivery{definition, info.version, info.document});
  auto here = state_->create_here(std::move(info), std::move(compiled), stream);
  auto created = co_await state_->on_loop(std::move(here));
  co_return created;
}

Task<Result<DeliveryInfo>> DeliveryEngine::State::create_here(DeliveryInfo info, CompiledPtr compiled,
                                                              stream::StreamPtr stream) {
  std::vector<LaneRow> lanes = first_lanes(*stream, compiled->definition);
  Result<DeliveryId> id = Error{Errc::io, "not run"};
  auto create = [&] { id = services.store->create(info, lanes); };
  co_await services.pool.run(create);
  if (!id) {
    Result<void> failed = id.error();
    co_return services.checked(std::move(failed)).error();
  }
  auto delivery = std::make_shared<DeliveryState>(*id, info, services.options.senders_per_delivery);
  delivery->set_compiled(std::move(compiled));
  auto runner = std::make_shared<DeliveryRunner>(services, delivery);
  for (LaneRow& lane : lanes) {
    lane.key.delivery = *id;
    runner->restore(lane, std::nullopt);
  }
  runner->set_first_holds([&](stream::StreamId) { return stream; });
  // Its bucket may hold what a delivery stream of this name wrote in a life that this log knows nothing of.
  const auto log_ends = runner->expect_manifests({});
  auto note = [this, log_ends] { return services.store->note_log_ends(log_ends); };
  auto noted = co_await save(note);
  if (!noted) {
    // Nobody may be told that there is none while the next start would find one.
    auto undo = [this, made = *id] { return services.store->remove(made); };
    (void)co_await save(undo);
    co_return std::move(noted).error();
  }
  add(runner);
  DeliveryRunner::start(runner, loop.get_executor());
  services.logger.info("delivery stream made", {{"delivery", info.name}, {"source", stream->name}});
  co_return info;
}

Task<Result<DeliveryInfo>> DeliveryEngine::update(std::string account, std::string name, std::uint64_t version,
                                                  std::string document, DeliveryDefinition definition) {
  auto runner = state_->find(account, name);
  if (!runner) co_return no_such(name);
  if (definition.direct_put) definition.source_stream = direct_put_stream(name);
  const DeliveryInfo info = runner->state()->info();
  const CompiledPtr now = runner->state()->compiled();
  if (now && now->definition.source_stream != definition.source_stream)
    co_return Error{Errc::invalid_argument, "the source of a delivery stream cannot be changed: " + name + " reads " +
                                                now->definition.source_stream + "; make another delivery stream for " +
                                                definition.source_stream};
  Result<void> checked;
  auto check = [&] { checked = state_->check(info, definition); };
  co_await state_->services.senders.run(state_->services.checks, check);
  if (!checked) co_return std::move(checked).error();
  auto compiled = std::make_shared<const CompiledDelivery>(
      CompiledDelivery{std::move(definition), version + 1, std::move(document)});
  auto here = state_->update_here(runner, version, std::move(compiled));
  auto updated = co_await state_->on_loop(std::move(here));
  co_return updated;
}

Task<Result<DeliveryInfo>> DeliveryEngine::State::update_here(RunnerPtr runner, std::uint64_t version,
                                                              CompiledPtr compiled) {
  const DeliveryStatePtr delivery = runner->state();
  const Change change_of_it = co_await Change::begin(delivery);
  if (delivery->is_removed()) co_return no_such(delivery->info().name);
  DeliveryInfo info = delivery->info();
  if (info.version != version)
    co_return Error{Errc::conflict, "delivery stream " + info.name + " has version " + std::to_string(info.version) +
                                        ", not " + std::to_string(version)};
  info.version = version + 1;
  info.document = compiled->document;
  info.updated = services.clock().wall_now();
  auto change = [this, id = delivery->id(), info] { return services.store->save(id, info); };
  auto saved = co_await save(change);
  if (!saved) co_return std::move(saved).error();
  delivery->set_info(info);
  delivery->set_compiled(std::move(compiled));
  runner->restart_lanes();
  co_return info;
}

Task<Result<DeliveryInfo>> DeliveryEngine::annotate(std::string account, std::string name, std::string document) {
  auto runner = state_->find(account, name);
  if (!runner) co_return no_such(name);
  auto here = state_->annotate_here(runner, std::move(document));
  auto annotated = co_await state_->on_loop(std::move(here));
  co_return annotated;
}

Task<Result<DeliveryInfo>> DeliveryEngine::State::annotate_here(RunnerPtr runner, std::string document) {
  const DeliveryStatePtr delivery = runner->state();
  const Change change_of_it = co_await Change::begin(delivery);
  if (delivery->is_removed()) co_return no_such(delivery->info().name);
  DeliveryInfo info = delivery->info();
  info.document = document;
  auto change = [this, id = delivery->id(), info] { return services.store->save(id, info); };
  auto saved = co_await save(change);
  if (!saved) co_return std::move(saved).error();
  delivery->set_info(info);
  if (const CompiledPtr now = delivery->compiled())
    delivery->set_compiled(
        std::make_shared<const CompiledDelivery>(CompiledDelivery{now->definition, now->version, document}));
  co_return info;
}

Task<Result<DeliveryInfo>> DeliveryEngine::set_paused(std::string account, std::string name, bool paused) {
  auto runner = state_->find(account, name);
  if (!runner) co_return no_such(name);
  auto here = state_->pause_here(runner, paused);
  auto changed = co_await state_->on_loop(std::move(here));
  co_return changed;
}

Task<Result<DeliveryInfo>> DeliveryEngine::State::pause_here(RunnerPtr runner, bool paused) {
  const DeliveryStatePtr delivery = runner->state();
  const Change change_of_it = co_await Change::begin(delivery);
  if (delivery->is_removed()) co_return no_such(delivery->info().name);
  DeliveryInfo info = delivery->info();
  info.paused = paused;
  auto change = [this, id = delivery->id(), info] { return services.store->save(id, info); };
  auto saved = co_await save(change);
  if (!saved) co_return std::move(saved).error();
  delivery->set_info(info);
  // A missing package may be there by now.
  if (!paused && !delivery->compiled()) delivery->set_compiled(compile(*delivery, info));
  runner->restart_lanes();
  co_return info;
}

Task<Result<void>> DeliveryEngine::remove(std::string account, std::string name) {
  auto runner = state_->find(account, name);
  if (!runner) co_return no_such(name);
  auto here = state_->remove_here(runner);
  auto removed = co_await state_->on_loop(std::move(here));
  if (!removed) co_return removed;
  stream::StreamService& streams = state_->services.streams();
  const stream::StreamPtr own = streams.find(account, direct_put_stream(name));
  if (!own) co_return removed;
  auto gone = co_await streams.remove(own);
  if (!gone && gone.error().code == Errc::not_found) co_return removed;
  co_return gone;
}

Task<Result<void>> DeliveryEngine::State::remove_here(RunnerPtr runner) {
  const DeliveryStatePtr delivery = runner->state();
  const Change change_of_it = co_await Change::begin(delivery);
  if (delivery->is_removed()) co_return no_such(delivery->info().name);
  auto change = [this, id = delivery->id()] { return services.store->remove(id); };
  auto saved = co_await save(change);
  if (!saved) co_return saved;
  delivery->set_removed();
  runner->restart_lanes();
  // One of the same name may follow at once, and must not meet the manifest entry that this one is writing.
  const SteadyTime deadline = services.clock().steady_now() + services.options.stop_timeout;
  while (runner->lanes_at_work() > 0 && services.clock().steady_now() < deadline)
    co_await delivery->sleeper().sleep(kLaneLook);
  runner->forget();
  erase(delivery->info());
  services.logger.info("delivery stream removed", {{"delivery", delivery->info().name}});
  co_return Result<void>();
}

}  // namespace forebay::gateway::delivery
