// UpdateStreamMode: provisioned or on demand, twice per 24 hours and stream. The shards stay; on demand they follow the
// load from then on.
#include "wire/kinesis/shapes/update_stream_mode.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/daily_quota.h"
#include "gateway/kinesis/stream_edit.h"
#include "gateway/kinesis/warm_throughput.h"

namespace forebay::gateway::kinesis {
using stream::StreamMode;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::UpdateStreamModeRequest;

namespace {
Edit plan_mode(const Call& call, const stream::Stream& stream, StreamMode mode, std::optional<std::int32_t> warm) {
  const std::string subject = "Stream " + stream.name + " under account " + call.account;
  if (stream.mode == mode)
    return Fault{ErrorType::validation, "Request is invalid. " + subject + " is already in " +
                                            (mode == StreamMode::on_demand ? "On-Demand" : "Provisioned") + " mode."};
  auto counted = count_call(stream, kModeChanges, call.services.clock.wall_now());
  if (!counted)
    return Fault{ErrorType::limit_exceeded, subject + " has changed its mode " + std::to_string(kModeChanges.calls) +
                                                " times in the last 24 hours, which is the limit."};
  stream::StreamSettings settings;
  settings.mode = mode;
  settings.attributes.push_back(*std::move(counted));
  std::optional<std::string> target;
  if (warm) target = std::to_string(*warm);
  settings.attributes.push_back({std::string(kWarmAttribute), std::move(target)});
  return settings;
}
}  // namespace

Task<Reply> update_stream_mode(Call& call) {
  auto decoded = decode_call<UpdateStreamModeRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateStreamModeRequest>(decoded);
  auto found = find_stream(call, std::nullopt, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  const bool on_demand = request.stream_mode_details->stream_mode == "ON_DEMAND";
  const std::optional<std::int32_t> warm = request.warm_throughput_mibps;
  if (warm && !on_demand)
    co_return Fault{ErrorType::validation, "WarmThroughputMiBps is for streams in ON_DEMAND mode only."};
  if (warm)
    if (auto fault = refuse_warm(call, *warm, stream->open_shards.size())) co_return *std::move(fault);
  EditPlan plan = [&call, on_demand, warm](const stream::Stream& now) {
    return plan_mode(call, now, on_demand ? StreamMode::on_demand : StreamMode::provisioned, warm);
  };
  auto changed = co_await edit_stream(call, stream, std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  auto warmed = co_await warm_up(call, std::get<stream::StreamPtr>(changed));
  if (auto* fault = std::get_if<Fault>(&warmed)) co_return std::move(*fault);
  co_return std::string();
}

}  // namespace forebay::gateway::kinesis
