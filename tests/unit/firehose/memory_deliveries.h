#pragma once

#include <map>
#include <mutex>

#include "base/clock.h"
#include "gateway/delivery/delivery_service.h"
#include "gateway/delivery/object_builder.h"

namespace forebay::gateway::test {

/// Delivery streams that deliver nothing: what is kept of them in memory, the streams of direct puts in real ones, and
/// the checks of object builders.
class MemoryDeliveries final : public delivery::DeliveryService {
 public:
  MemoryDeliveries(stream::StreamService& streams, const Clock& clock) : streams_(streams), clock_(clock) {}

  [[nodiscard]] std::optional<delivery::DeliveryInfo> find(std::string_view account,
                                                           std::string_view name) const override {
    const std::lock_guard lock(mutex_);
    const auto found = infos_.find(key(account, name));
    return found == infos_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::vector<delivery::DeliveryInfo> list(std::string_view account, std::string_view after,
                                                         std::size_t limit) const override {
    const std::lock_guard lock(mutex_);
    std::vector<delivery::DeliveryInfo> out;
    for (auto at = infos_.upper_bound(key(account, after)); at != infos_.end() && out.size() < limit; ++at)
      if (at->second.account == account) out.push_back(at->second);
    return out;
  }
  [[nodiscard]] delivery::DeliveryStatus status(std::string_view, std::string_view) const override { return {}; }

  Task<Result<delivery::DeliveryInfo>> create(delivery::DeliveryInfo info,
                                              delivery::DeliveryDefinition definition) override;
  Task<Result<delivery::DeliveryInfo>> update(std::string account, std::string name, std::uint64_t version,
                                              std::string document, delivery::DeliveryDefinition definition) override;
  Task<Result<delivery::DeliveryInfo>> annotate(std::string account, std::string name, std::string document) override;
  Task<Result<void>> remove(std::string account, std::string name) override;
  Task<Result<delivery::DeliveryInfo>> set_paused(std::string account, std::string name, bool paused) override;
  Task<Result<std::string>> replay(std::string, std::string, delivery::ReplayRequest) override;
  [[nodiscard]] std::vector<delivery::ReplayStatus> replays(std::string_view, std::string_view) const override {
    return {};
  }
  Task<Result<void>> cancel_replay(std::string, std::string, std::string) override;

  /// What create() or update() was given last.
  [[nodiscard]] delivery::DeliveryDefinition definition(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    return definitions_.at(name);
  }

 private:
  static std::string key(std::string_view account, std::string_view name) {
    return std::string(account) + "/" + std::string(name);
  }
  static Result<void> check(const delivery::DeliveryDefinition& definition) {
    if (const auto* objects = std::get_if<delivery::ObjectDestination>(&definition.destination)) {
      FB_CHECK(delivery::make_object_builder(definition.processing, *objects));
    }
    return {};
  }
  void keep(const delivery::DeliveryInfo& info) {
    const std::lock_guard lock(mutex_);
    infos_[key(info.account, info.name)] = info;
  }
  void keep(const delivery::DeliveryInfo& info, const delivery::DeliveryDefinition& definition) {
    keep(info);
    const std::lock_guard lock(mutex_);
    definitions_[info.name] = definition;
  }

  stream::StreamService& streams_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, delivery::DeliveryInfo> infos_;
  std::map<std::string, delivery::DeliveryDefinition> definitions_;
};

}  // namespace forebay::gateway::test
