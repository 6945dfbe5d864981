#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <shared_mutex>
#include <thread>

#include "gateway/delivery/engine/delivery_engine.h"
#include "gateway/delivery/engine/delivery_runner.h"
#include "gateway/delivery/engine/manifest_start.h"

namespace forebay::gateway::delivery {

/// The engine behind its door: delivery streams by name, and the loop that runs them.
struct DeliveryEngine::State {
  using RunnerPtr = std::shared_ptr<DeliveryRunner>;
  using Names = std::map<std::string, RunnerPtr, std::less<>>;

  State(EngineDependencies dependencies, const EngineOptions& options, std::unique_ptr<DeliveryStore> store,
        Logger logger)
      : services(std::move(dependencies), options, std::move(store), logger) {}

  /// Null when there is none. Threads  any.
  [[nodiscard]] RunnerPtr find(std::string_view account, std::string_view name) const;
  void add(const RunnerPtr& runner);
  void erase(const DeliveryInfo& info);
  [[nodiscard]] std::vector<RunnerPtr> all() const;

  /// Compiles the document of `info`; null after an error, which the status then shows.
  CompiledPtr compile(DeliveryState& state, const DeliveryInfo& info) const;
  /// Checks by making it what a definition names. Blocks.
  Result<void> check(const DeliveryInfo& info, const DeliveryDefinition& definition) const;
  [[nodiscard]] std::vector<LaneRow> first_lanes(const stream::Stream& stream,
                                                 const DeliveryDefinition& definition) const;

  /// The source stream by number: of a delivery stream whose definition cannot be used at the moment.
  [[nodiscard]] stream::StreamPtr find_stream(const DeliveryInfo& info, stream::StreamId id) const;

  /// D5, before anything is appended. `known` has ends of the log that earlier starts noted.
  Result<void> read_manifests(const std::map<LaneKey, stream::Offset>& known);

  /// Runs on the loop of the engine and resumes where it was awaited.
  template <class T>
  Task<Result<T>> on_loop(Task<Result<T>> task) {
    if (services.stopping) co_return Error{Errc::unavailable, "the gateway is stopping"};
    std::optional<Result<T>> result;
    auto kept = keep(std::move(task), result);
    auto running = boost::asio::co_spawn(loop.get_executor(), std::move(kept), boost::asio::use_awaitable);
    co_await std::move(running);
    co_return *std::move(result);
  }
  template <class T>
  static Task<void> keep(Task<Result<T>> task, std::optional<Result<T>>& out) {
    auto result = co_await std::move(task);
    out.emplace(std::move(result));
  }
  /// Runs a change of the database. Errors  its own.
  Task<Result<void>> save(std::function<Result<void>()> change);

  Task<Result<DeliveryInfo>> create_here(DeliveryInfo info, CompiledPtr compiled, stream::StreamPtr stream);
  Task<Result<DeliveryInfo>> update_here(RunnerPtr runner, std::uint64_t version, CompiledPtr compiled);
  Task<Result<DeliveryInfo>> annotate_here(RunnerPtr runner, std::string document);
  Task<Result<DeliveryInfo>> pause_here(RunnerPtr runner, bool paused);
  Task<Result<void>> remove_here(RunnerPtr runner);
  Task<Result<std::string>> replay_here(RunnerPtr runner, ReplayRequest request);
  Task<Result<void>> cancel_here(RunnerPtr runner, std::string id);

  EngineServices services;
  mutable std::shared_mutex names_mutex;
  std::map<std::string, Names, std::less<>> accounts;
  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor()};
  std::thread thread;
};

}  // namespace forebay::gateway::delivery
