// UpdateStreamWarmThroughput: an on-demand stream gets a shard per MiB/s at once and does not fall below.
#include "wire/kinesis/shapes/update_stream_warm_throughput.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/stream_edit.h"
#include "gateway/kinesis/warm_throughput.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::UpdateStreamWarmThroughputRequest;
using wire::kinesis::UpdateStreamWarmThroughputResponse;

Task<Reply> update_stream_warm_throughput(Call& call) {
  auto decoded = decode_call<UpdateStreamWarmThroughputRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateStreamWarmThroughputRequest>(decoded);
  auto found = find_stream(call, request.stream_name, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(found);
  const std::int32_t target = *request.warm_throughput_mibps;
  EditPlan plan = [&call, target](const stream::Stream& now) -> Edit {
    if (now.mode != stream::StreamMode::on_demand)
      return Fault{ErrorType::validation, "Request is invalid. Stream " + now.name + " under account " + call.account +
                                              " is in Provisioned mode."};
    if (auto fault = refuse_warm(call, target, now.open_shards.size())) return *std::move(fault);
    stream::StreamSettings settings;
    settings.attributes.push_back({std::string(kWarmAttribute), std::to_string(target)});
    return settings;
  };
  auto changed = co_await edit_stream(call, stream, std::move(plan));
  if (auto* fault = std::get_if<Fault>(&changed)) co_return std::move(*fault);
  auto warmed = co_await warm_up(call, std::get<stream::StreamPtr>(changed));
  if (auto* fault = std::get_if<Fault>(&warmed)) co_return std::move(*fault);
  UpdateStreamWarmThroughputResponse response;
  response.stream_name = stream->name;
  response.stream_arn = arn_of(call, stream->name);
  response.warm_throughput = warm_shape(*std::get<stream::StreamPtr>(warmed));
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
