#include "gateway/delivery_front/delivery_call.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "gateway/delivery_front/delivery_json.h"

namespace forebay::gateway::delivery_front {
using delivery::DeliveryInfo;
using delivery::DeliveryService;
using delivery::ReplayRequest;

namespace {
constexpr std::uint64_t kListMax = 1000;

/// A whole number from 0. Errors  invalid_argument.
Result<std::optional<std::uint64_t>> number_member(const Json& body, const char* name) {
  if (!body.contains(name) || body[name].is_null()) return std::optional<std::uint64_t>();
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!body[name].is_number_unsigned() || body[name].get<std::uint64_t>() > kMax)
    return Error{Errc::invalid_argument, std::string(name) + " must be a whole number from 0 to 2^63-1"};
  return std::optional<std::uint64_t>(body[name].get<std::uint64_t>());
}

Result<DeliveryInfo> find(const DeliveryCall& call) {
  FB_TRY(const std::string name, text_member(call.body, "name"));
  if (name.empty()) return Error{Errc::invalid_argument, "name is missing: which delivery stream?"};
  auto info = call.services->deliveries.find(call.account, name);
  if (!info) return Error{Errc::not_found, "there is no delivery stream " + name + " in account " + call.account};
  return *std::move(info);
}

Json with_status(const DeliveryCall& call, const DeliveryInfo& info) {
  Json out = info_json(info);
  out["status"] = status_json(call.services->deliveries.status(call.account, info.name));
  return out;
}

Task<Result<Json>> list(DeliveryCall call) {
  FB_CO_TRY(const std::string after, text_member(call.body, "after"));
  FB_CO_TRY(const auto wanted, number_member(call.body, "limit"));
  const std::uint64_t limit = std::clamp<std::uint64_t>(wanted.value_or(kListMax), 1, kListMax);
  const auto found = call.services->deliveries.list(call.account, after, limit);
  Json out{{"deliveries", Json::array()}, {"more", found.size() == limit}};
  for (const DeliveryInfo& info : found) out["deliveries"].push_back(with_status(call, info));
  co_return out;
}

Task<Result<Json>> describe(DeliveryCall call) {
  FB_CO_TRY(const DeliveryInfo info, find(call));
  Json out = with_status(call, info);
  out["document"] = document_json(info.document);
  co_return out;
}

Task<Result<Json>> status(DeliveryCall call) {
  FB_CO_TRY(const DeliveryInfo info, find(call));
  co_return with_status(call, info);
}

Task<Result<Json>> set_paused(DeliveryCall call, bool paused) {
  FB_CO_TRY(const DeliveryInfo info, find(call));
  FB_CO_TRY(const DeliveryInfo changed, co_await call.services->deliveries.set_paused(call.account, info.name, paused));
  call.services->logger.info(paused ? "delivery paused" : "delivery resumed",
                             {{"delivery", info.name}, {"key", call.caller}});
  co_return info_json(changed);
}
Task<Result<Json>> pause(DeliveryCall call) { return set_paused(std::move(call), true); }
Task<Result<Json>> resume(DeliveryCall call) { return set_paused(std::move(call), false); }

Result<ReplayRequest> replay_of(const DeliveryCall& call) {
  FB_TRY(const auto from, number_member(call.body, "from_ms"));
  FB_TRY(const auto to, number_member(call.body, "to_ms"));
  FB_TRY(const auto rate, number_member(call.body, "bytes_per_second"));
  if (!from)
    return Error{Errc::invalid_argument, "from_ms is missing: milliseconds since 1970 where the replay begins"};
  ReplayRequest request;
  request.from = from_millis(static_cast<std::int64_t>(*from));
  request.to = to ? from_millis(static_cast<std::int64_t>(*to)) : call.services->clock.wall_now();
  request.bytes_per_second = rate.value_or(0);
  if (request.from >= request.to)
    return Error{Errc::invalid_argument,
                 "from_ms must lie before to_ms, which is " + std::to_string(to_millis(request.to))};
  return request;
}

Task<Result<Json>> replay(DeliveryCall call) {
  FB_CO_TRY(const DeliveryInfo info, find(call));
  FB_CO_TRY(const ReplayRequest request, replay_of(call));
  FB_CO_TRY(const std::string id, co_await call.services->deliveries.replay(call.account, info.name, request));
  call.services->logger.info("replay began", {{"delivery", info.name},
                                              {"replay", id},
                                              {"from_ms", to_millis(request.from)},
                                              {"to_ms", to_millis(request.to)},
                                              {"key", call.caller}});
  co_return Json{{"id", id}};
}

Task<Result<Json>> replays(DeliveryCall call) {
  FB_CO_TRY(const DeliveryInfo info, find(call));
  Json out{{"replays", Json::array()}};
  for (const auto& one : call.services->deliveries.replays(call.account, info.name))
    out["replays"].push_back(replay_json(one));
  co_return out;
}

Task<Result<Json>> cancel_replay(DeliveryCall call) {
  FB_CO_TRY(const DeliveryInfo info, find(call));
  FB_CO_TRY(const std::string id, text_member(call.body, "id"));
  if (id.empty())
    co_return Error{Errc::invalid_argument, "id is missing: which replay? /delivery/v1/replays lists them"};
  FB_CO_CHECK(co_await call.services->deliveries.cancel_replay(call.account, info.name, id));
  call.services->logger.info("replay cancelled", {{"delivery", info.name}, {"replay", id}, {"key", call.caller}});
  co_return Json::object();
}

constexpr DeliveryOperation kOperations[] = {
    {"list", list},     {"describe", describe}, {"status", status},   {"pause", pause},
    {"resume", resume}, {"replay", replay},     {"replays", replays}, {"cancel-replay", cancel_replay}};
}  // namespace

const DeliveryOperation* find_operation(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(kOperations, [name](const DeliveryOperation& operation) { return operation.name == name; });
  return found == std::end(kOperations) ? nullptr : found;
}

std::string operation_names() {
  std::string out = "/delivery/v1";
  for (const DeliveryOperation& operation : kOperations)
    out += (&operation == kOperations ? "/" : ", /") + std::string(operation.name);
  return out;
}

Result<std::string> text_member(const Json& body, const char* name) {
  if (!body.contains(name) || body[name].is_null()) return std::string();
  if (!body[name].is_string()) return Error{Errc::invalid_argument, std::string(name) + " must be a string"};
  return body[name].get<std::string>();
}

}  // namespace forebay::gateway::delivery_front
