#include "gateway/delivery/engine/delivery_engine.h"

#include <algorithm>
#include <boost/asio/detached.hpp>
#include <future>

#include "base/file_system.h"
#include "gateway/delivery/engine/engine_state.h"

/// Life of the engine, and look-ups; changes stand in engine_changes.cpp and engine_replay.cpp.
namespace forebay::gateway::delivery {
namespace {
constexpr std::string_view kDatabaseFile = "delivery.db";
constexpr Milliseconds kStopLook{10};

/// Tells all lanes to leave, and somebody when they have.
Task<void> drain(std::vector<std::shared_ptr<DeliveryRunner>> runners, std::shared_ptr<std::promise<void>> ended) {
  Sleeper nap;
  for (const auto& runner : runners) runner->restart_lanes();
  for (const auto& runner : runners)
    while (runner->lanes_at_work() > 0) co_await nap.sleep(kStopLook);
  ended->set_value();
}

/// Records that a process no longer knows the reason of: lanes and cuts of a removed delivery stream, of a cancelled
/// replay. They are passed over; the next change of their delivery stream removes them.
std::map<LaneKey, CutRow> by_lane(std::vector<CutRow> cuts) {
  std::map<LaneKey, CutRow> map;
  for (CutRow& cut : cuts) map.insert_or_assign(cut.key, std::move(cut));
  return map;
}

}  // namespace

DeliveryEngine::DeliveryEngine(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<DeliveryEngine>> DeliveryEngine::open(EngineDependencies dependencies, const std::string& data,
                                                             const EngineOptions& options, Logger logger) {
  FB_TRY(auto database, dependencies.open_database(join_path(data, kDatabaseFile)));
  FB_TRY(auto store, DeliveryStore::open(std::move(database)));
  FB_TRY(DeliveryTables tables, store->load());
  auto state = std::make_unique<State>(std::move(dependencies), options, std::move(store), logger);
  std::map<DeliveryId, State::RunnerPtr> runners;
  for (const DeliveryRow& row : tables.deliveries) {
    auto delivery = std::make_shared<DeliveryState>(row.id, row.info, options.senders_per_delivery);
    delivery->set_compiled(state->compile(*delivery, row.info));
    runners[row.id] = std::make_shared<DeliveryRunner>(state->services, delivery);
    state->add(runners[row.id]);
  }
  std::map<LaneKey, CutRow> cuts = by_lane(std::move(tables.cuts));
  for (const LaneRow& lane : tables.lanes) {
    const auto runner = runners.find(lane.key.delivery);
    if (runner == runners.end()) continue;
    std::optional<CutRow> cut;
    if (const auto found = cuts.find(lane.key); found != cuts.end()) cut = std::move(found->second);
    LaneMarks delivered;
    if (const auto found = tables.delivered.find(lane.key); found != tables.delivered.end())
      delivered = std::move(found->second);
    runner->second->restore(lane, std::move(cut), std::move(delivered));
  }
  for (const ReplayRow& replay : tables.replays)
    if (const auto runner = runners.find(replay.delivery); runner != runners.end())
      runner->second->state()->set_replay(replay);
  for (const auto& [id, runner] : runners) {
    const DeliveryInfo info = runner->state()->info();
    runner->set_first_holds([&](stream::StreamId stream) { return state->find_stream(info, stream); });
  }
  FB_CHECK(state->read_manifests(tables.log_ends));
  return std::unique_ptr<DeliveryEngine>(new DeliveryEngine(std::move(state)));
}

Result<void> DeliveryEngine::State::read_manifests(const std::map<LaneKey, stream::Offset>& known) {
  std::map<LaneKey, stream::Offset> fresh;
  std::vector<std::shared_ptr<Lane>> lanes;
  std::map<const DeliveryState*, RunnerPtr> runners;
  ManifestStart::LaneCounts counts;
  for (const RunnerPtr& runner : all()) {
    fresh.merge(runner->expect_manifests(known));
    runner->count_lanes(counts);
    runners[runner->state().get()] = runner;
    const auto own = runner->lanes_to_read();
    lanes.insert(lanes.end(), own.begin(), own.end());
  }
  if (!fresh.empty()) FB_CHECK(services.checked(services.store->note_log_ends(fresh)));
  ManifestStart start(services);
  return start.run(lanes, counts, [&](const Lane& lane) { runners[lane.delivery.get()]->adopted(lane); });
}

void DeliveryEngine::start() {
  for (const auto& runner : state_->all()) DeliveryRunner::start(runner, state_->loop.get_executor());
  state_->thread = std::thread([state = state_.get()] { state->loop.run(); });
}

void DeliveryEngine::stop() {
  if (state_->services.stopping.exchange(true) || !state_->thread.joinable()) return;
  // What runs in the pools is on its way to a store or sink; a cut that does not make it stays logged.
  const auto ended = std::make_shared<std::promise<void>>();
  auto drained = drain(state_->all(), ended);
  boost::asio::co_spawn(state_->loop, std::move(drained), boost::asio::detached);
  ended->get_future().wait_for(state_->services.options.stop_timeout);
}

DeliveryEngine::~DeliveryEngine() {
  stop();
  state_->work.reset();
  state_->loop.stop();
  if (state_->thread.joinable()) state_->thread.join();
  state_->services.senders.join();
  state_->services.pool.join();
}

DeliveryEngine::State::RunnerPtr DeliveryEngine::State::find(std::string_view account, std::string_view name) const {
  const std::shared_lock lock(names_mutex);
  const auto names = accounts.find(account);
  if (names == accounts.end()) return {};
  const auto found = names->second.find(name);
  return found == names->second.end() ? RunnerPtr() : found->second;
}

void DeliveryEngine::State::add(const RunnerPtr& runner) {
  const DeliveryInfo info = runner->state()->info();
  const std::unique_lock lock(names_mutex);
  accounts[info.account][info.name] = runner;
}

void DeliveryEngine::State::erase(const DeliveryInfo& info) {
  const std::unique_lock lock(names_mutex);
  accounts[info.account].erase(info.name);
}

std::vector<DeliveryEngine::State::RunnerPtr> DeliveryEngine::State::all() const {
  const std::shared_lock lock(names_mutex);
  std::vector<RunnerPtr> runners;
  for (const auto& [account, names] : accounts)
    for (const auto& [name, runner] : names) runners.push_back(runner);
  return runners;
}

CompiledPtr DeliveryEngine::State::compile(DeliveryState& state, const DeliveryInfo& info) const {
  auto definition = services.dependencies.compile(info);
  if (definition)
    return std::make_shared<const CompiledDelivery>(
        CompiledDelivery{*std::move(definition), info.version, info.document});
  state.failed("its definition cannot be used: " + definition.error().context, services.clock().wall_now());
  services.logger.error("a delivery stream stands still: its definition cannot be used",
                        {{"delivery", info.name}, {"error", definition.error().context}});
  return {};
}

stream::StreamPtr DeliveryEngine::State::find_stream(const DeliveryInfo& info, stream::StreamId id) const {
  constexpr std::size_t page_size = 1000;
  if (auto own = services.streams().find(info.account, direct_put_stream(info.name)); own && own->id == id) return own;
  std::string after;
  for (;;) {
    const auto page = services.streams().list(info.account, after, page_size);
    for (const stream::StreamPtr& stream : page)
      if (stream->id == id) return stream;
    if (page.size() < page_size) return {};
    after = page.back()->name;
  }
}

std::optional<DeliveryInfo> DeliveryEngine::find(std::string_view account, std::string_view name) const {
  const auto runner = state_->find(account, name);
  if (!runner) return std::nullopt;
  return runner->state()->info();
}

std::vector<DeliveryInfo> DeliveryEngine::list(std::string_view account, std::string_view after,
                                               std::size_t limit) const {
  const std::shared_lock lock(state_->names_mutex);
  std::vector<DeliveryInfo> infos;
  const auto names = state_->accounts.find(account);
  if (names == state_->accounts.end()) return infos;
  for (auto it = names->second.upper_bound(after); it != names->second.end() && infos.size() < limit; ++it)
    infos.push_back(it->second->state()->info());
  return infos;
}

DeliveryStatus DeliveryEngine::status(std::string_view account, std::string_view name) const {
  const auto runner = state_->find(account, name);
  return runner ? runner->state()->status(state_->services.clock().wall_now()) : DeliveryStatus();
}

std::vector<ReplayStatus> DeliveryEngine::replays(std::string_view account, std::string_view name) const {
  const auto runner = state_->find(account, name);
  return runner ? runner->state()->replay_status() : std::vector<ReplayStatus>();
}

}  // namespace forebay::gateway::delivery
