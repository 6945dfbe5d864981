#include "tests/unit/firehose/memory_deliveries.h"

// GCC 12 sees Asio's allocation of coroutine frames and misses that its release is the matching one.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace forebay::gateway::test {

Task<Result<delivery::DeliveryInfo>> MemoryDeliveries::create(delivery::DeliveryInfo info,
                                                              delivery::DeliveryDefinition definition) {
  if (find(info.account, info.name)) co_return Error{Errc::already_exists, "exists"};
  if (!definition.direct_put && !streams_.find(info.account, definition.source_stream))
    co_return Error{Errc::not_found, "stream " + definition.source_stream + " not found"};
  if (auto checked = check(definition); !checked) co_return std::move(checked).error();
  if (definition.direct_put) {
    stream::CreateStream wanted;
    wanted.account = info.account;
    wanted.name = definition.source_stream;
    auto made = co_await streams_.create(std::move(wanted));
    if (!made) co_return std::move(made).error();
  }
  info.version = 1;
  info.created = info.updated = clock_.wall_now();
  keep(info, definition);
  co_return info;
}

Task<Result<delivery::DeliveryInfo>> MemoryDeliveries::update(std::string account, std::string name,
                                                              std::uint64_t version, std::string document,
                                                              delivery::DeliveryDefinition definition) {
  auto info = find(account, name);
  if (!info) co_return Error{Errc::not_found, "none"};
  if (info->version != version) co_return Error{Errc::conflict, "version"};
  if (auto checked = check(definition); !checked) co_return std::move(checked).error();
  info->document = document;
  info->version += 1;
  info->updated = clock_.wall_now();
  keep(*info, definition);
  co_return *info;
}

Task<Result<delivery::DeliveryInfo>> MemoryDeliveries::annotate(std::string account, std::string name,
                                                                std::string document) {
  auto info = find(account, name);
  if (!info) co_return Error{Errc::not_found, "none"};
  info->document = document;
  keep(*info);
  co_return *info;
}

Task<Result<void>> MemoryDeliveries::remove(std::string account, std::string name) {
  if (!find(account, name)) co_return Error{Errc::not_found, "none"};
  const std::string stream_name = delivery::direct_put_stream(name);
  if (stream::StreamPtr stream = streams_.find(account, stream_name)) {
    auto removed = co_await streams_.remove(stream);
    if (!removed) co_return std::move(removed).error();
  }
  const std::lock_guard lock(mutex_);
  infos_.erase(key(account, name));
  co_return Result<void>();
}

Task<Result<delivery::DeliveryInfo>> MemoryDeliveries::set_paused(std::string account, std::string name, bool paused) {
  auto info = find(account, name);
  if (!info) co_return Error{Errc::not_found, "none"};
  info->paused = paused;
  keep(*info);
  co_return *info;
}

Task<Result<std::string>> MemoryDeliveries::replay(std::string, std::string, delivery::ReplayRequest) {
  co_return Error{Errc::unsupported, "no replays"};
}

Task<Result<void>> MemoryDeliveries::cancel_replay(std::string, std::string, std::string) {
  co_return Error{Errc::unsupported, "no replays"};
}

}  // namespace forebay::gateway::test
