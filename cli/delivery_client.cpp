#include "cli/delivery_client.h"

#include "cli/json_member.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;
using Repeat = KinesisTransport::Repeat;

std::optional<WallTime> time_of(const Json& object, const char* name) {
  const Json& value = json_member(object, name);
  if (!value.is_number_integer()) return std::nullopt;
  return from_millis(value.get<std::int64_t>());
}

Error malformed(const char* operation, const char* what) {
  return Error{Errc::corrupt, std::string(operation) + ": the answer of the gateway has no " + what};
}

}  // namespace

DeliverySummary delivery_summary_of(const Json& delivery) {
  DeliverySummary out;
  out.name = json_text(delivery, "name");
  out.created = time_of(delivery, "created_ms").value_or(WallTime{});
  out.paused = json_flag(delivery, "paused");
  out.from_config = json_flag(delivery, "from_config");
  const Json& status = json_member(delivery, "status");
  out.state.records_behind = json_count(status, "records_behind");
  out.state.lag = Milliseconds(static_cast<std::int64_t>(json_count(status, "lag_ms")));
  out.state.delivered_records = json_count(status, "delivered_records");
  out.state.delivered_bytes = json_count(status, "delivered_bytes");
  out.state.dead_letters = json_count(status, "dead_letters");
  out.state.open_partitions = json_count(status, "open_partitions");
  out.state.last_object = json_text(status, "last_object");
  out.state.last_success = time_of(status, "last_success_ms");
  out.state.last_error = json_text(status, "last_error");
  out.state.last_error_time = time_of(status, "last_error_ms");
  return out;
}

ReplayState replay_state_of(const Json& replay) {
  return {json_text(replay, "id"), json_count(replay, "records_done"), json_count(replay, "records_total"),
          json_flag(replay, "finished"), json_text(replay, "last_error")};
}

Json DeliveryClient::about(const std::string& name) const {
  Json body{{"name", name}};
  if (!account_.empty()) body["account"] = account_;
  return body;
}

Result<std::vector<Json>> DeliveryClient::list() {
  constexpr int kPagesMax = 1000;
  std::vector<Json> out;
  Json body = Json::object();
  if (!account_.empty()) body["account"] = account_;
  for (int page = 0; page < kPagesMax; ++page) {
    FB_TRY(const Json answer, transport_.call_delivery("list", body, Repeat::always));
    const Json& deliveries = json_member(answer, "deliveries");
    if (!deliveries.is_array()) return malformed("delivery/list", "deliveries");
    out.insert(out.end(), deliveries.begin(), deliveries.end());
    if (!json_flag(answer, "more") || deliveries.empty()) break;
    body["after"] = json_text(out.back(), "name");
  }
  return out;
}

Result<Json> DeliveryClient::status(const std::string& name) {
  FB_TRY(Json answer, transport_.call_delivery("status", about(name), Repeat::always));
  if (!json_member(answer, "status").is_object()) return malformed("delivery/status", "status");
  return answer;
}

Result<Json> DeliveryClient::set_paused(const std::string& name, bool paused) {
  return transport_.call_delivery(paused ? "pause" : "resume", about(name), Repeat::always);
}

Result<std::string> DeliveryClient::replay(const std::string& name, const ReplayRange& range) {
  Json body = about(name);
  body["from_ms"] = to_millis(range.from);
  if (range.to) body["to_ms"] = to_millis(*range.to);
  if (range.bytes_per_second > 0) body["bytes_per_second"] = range.bytes_per_second;
  FB_TRY(const Json answer, transport_.call_delivery("replay", body, Repeat::if_refused));
  std::string id = json_text(answer, "id");
  if (id.empty()) return malformed("delivery/replay", "id");
  return id;
}

Result<std::vector<Json>> DeliveryClient::replays(const std::string& name) {
  FB_TRY(const Json answer, transport_.call_delivery("replays", about(name), Repeat::always));
  const Json& replays = json_member(answer, "replays");
  if (!replays.is_array()) return malformed("delivery/replays", "replays");
  return std::vector<Json>(replays.begin(), replays.end());
}

Result<void> DeliveryClient::cancel_replay(const std::string& name, const std::string& id) {
  Json body = about(name);
  body["id"] = id;
  FB_CHECK(transport_.call_delivery("cancel-replay", body, Repeat::always));
  return {};
}

Result<std::string> DeliveryClient::create(const Json& request) {
  FB_TRY(const Json answer, transport_.call_firehose("CreateDeliveryStream", request, Repeat::if_refused));
  return json_text(answer, "DeliveryStreamARN");
}

Result<Json> DeliveryClient::describe(const std::string& name) {
  const Json body{{"DeliveryStreamName", name}};
  FB_TRY(const Json answer, transport_.call_firehose("DescribeDeliveryStream", body, Repeat::always));
  const Json& description = json_member(answer, "DeliveryStreamDescription");
  if (!description.is_object()) return malformed("DescribeDeliveryStream", "DeliveryStreamDescription");
  return description;
}

Result<void> DeliveryClient::remove(const std::string& name) {
  FB_CHECK(transport_.call_firehose("DeleteDeliveryStream", Json{{"DeliveryStreamName", name}}, Repeat::if_refused));
  return {};
}

}  // namespace forebay::cli
