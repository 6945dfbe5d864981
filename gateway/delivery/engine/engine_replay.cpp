#include <algorithm>

#include "base/hex.h"
#include "gateway/delivery/engine/engine_state.h"

/// Replays: a range of the source, delivered once more on a track of its own.
namespace forebay::gateway::delivery {
namespace {
constexpr Milliseconds kLaneLook{10};
constexpr std::size_t kReplaysAtOnce = 16;
constexpr std::size_t kReplaysKept = 64;  ///< finished ones that are still listed

Error no_such(std::string_view name) {
  return Error{Errc::not_found, "there is no delivery stream " + std::string(name)};
}

std::string new_id(Entropy& entropy, WallTime now) {
  std::uint8_t random[4];
  entropy.fill(random);
  return "replay-" + std::to_string(to_millis(now)) + "-" + to_hex(random);
}

Result<void> check_request(const ReplayRequest& request, const std::vector<ReplayRow>& replays) {
  if (request.from >= request.to)
    return Error{Errc::invalid_argument, "a replay needs a time range: from must lie before to"};
  const auto running =
      std::count_if(replays.begin(), replays.end(), [](const ReplayRow& row) { return !row.finished; });
  if (static_cast<std::size_t>(running) >= kReplaysAtOnce)
    return Error{Errc::conflict, "a delivery stream runs at most " + std::to_string(kReplaysAtOnce) +
                                     " replays at a time: cancel one or wait"};
  return {};
}

}  // namespace

Task<Result<std::string>> DeliveryEngine::replay(std::string account, std::string name, ReplayRequest request) {
  auto runner = state_->find(account, name);
  if (!runner) co_return no_such(name);
  auto here = state_->replay_here(runner, request);
  auto id = co_await state_->on_loop(std::move(here));
  co_return id;
}

Task<Result<std::string>> DeliveryEngine::State::replay_here(RunnerPtr runner, ReplayRequest request) {
  const DeliveryStatePtr delivery = runner->state();
  const DeliveryInfo info = delivery->info();
  std::vector<ReplayRow> replays = delivery->replays();
  FB_CO_CHECK(check_request(request, replays));
  const CompiledPtr compiled = delivery->compiled();
  const stream::StreamPtr stream =
      compiled ? services.streams().find(info.account, compiled->definition.source_stream) : nullptr;
  if (!stream) co_return Error{Errc::not_found, "the source stream of " + info.name + " does not exist"};
  ReplayRow replay;
  replay.delivery = delivery->id();
  replay.id = new_id(*services.dependencies.entropy, services.clock().wall_now());
  replay.request = request;
  std::vector<LaneRow> lanes;
  for (const auto& shard : stream->shards) {
    const std::shared_ptr<const stream::Shard> from = shard;
    auto first = co_await services.streams().offset_at(from, request.from);
    if (!first) co_return std::move(first).error();
    auto until = co_await services.streams().offset_at(from, request.to);
    if (!until) co_return std::move(until).error();
    LaneRow row;
    row.key = {replay.delivery, stream->id, shard->number, replay.id};
    row.timeline = services.streams().timeline();
    row.first = row.next = *first;
    row.until = std::max(*first, *until);
    row.finished = row.next == *row.until;
    replay.records_total += static_cast<std::uint64_t>(row.until->value() - row.next.value());
    lanes.push_back(std::move(row));
  }
  auto add = [&] { return services.store->add_replay(replay, lanes); };
  auto saved = co_await save(add);
  if (!saved) co_return std::move(saved).error();
  delivery->set_replay(replay);
  runner->add_lanes(lanes);
  // The oldest finished ones make room in the list.
  for (const ReplayRow& old : replays) {
    if (!old.finished || replays.size() < kReplaysKept) continue;
    auto forget = [&] { return services.store->remove_replay(old.delivery, old.id); };
    auto gone = co_await save(forget);
    if (gone) delivery->drop_replay(old.id);
    break;
  }
  co_return replay.id;
}

Task<Result<void>> DeliveryEngine::cancel_replay(std::string account, std::string name, std::string id) {
  auto runner = state_->find(account, name);
  if (!runner) co_return no_such(name);
  auto here = state_->cancel_here(runner, std::move(id));
  auto cancelled = co_await state_->on_loop(std::move(here));
  co_return cancelled;
}

Task<Result<void>> DeliveryEngine::State::cancel_here(RunnerPtr runner, std::string id) {
  const DeliveryStatePtr delivery = runner->state();
  const std::vector<ReplayRow> replays = delivery->replays();
  const bool known = std::any_of(replays.begin(), replays.end(), [&](const ReplayRow& row) { return row.id == id; });
  if (!known) co_return Error{Errc::not_found, "there is no replay " + id + " of " + delivery->info().name};
  auto change = [this, number = delivery->id(), id] { return services.store->remove_replay(number, id); };
  auto saved = co_await save(change);
  if (!saved) co_return saved;
  delivery->drop_replay(id);
  runner->drop_track(id);
  runner->restart_lanes();
  // Who hears that it is cancelled may count on nothing more of it being put.
  const SteadyTime deadline = services.clock().steady_now() + services.options.stop_timeout;
  while (runner->is_at_work(id) && services.clock().steady_now() < deadline)
    co_await delivery->sleeper().sleep(kLaneLook);
  co_return Result<void>();
}

}  // namespace forebay::gateway::delivery
