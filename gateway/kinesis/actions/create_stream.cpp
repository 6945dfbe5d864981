// CreateStream: name, shard count or on-demand mode, largest record, tags, warm throughput. All of it is durable in one
// piece and the stream ACTIVE when the call returns.
#include "wire/kinesis/shapes/create_stream.h"

#include <algorithm>

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/reshard.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/tags.h"
#include "gateway/kinesis/warm_throughput.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::CreateStreamRequest;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::uint32_t kOnDemandShards = 4;

Fault already_exists(const Call& call, std::string_view name) {
  return {ErrorType::resource_in_use,
          "Stream " + std::string(name) + " under account " + call.account + " already exists."};
}

/// Tags and warm throughput as attributes of the new stream; warm throughput also gives it a shard per MiB/s.
std::optional<Fault> add_attributes(const Call& call, const CreateStreamRequest& request,
                                    stream::CreateStream& create) {
  if (request.tags) {
    auto tags = adding_tags(call, create.name, {}, kStreamTags, *request.tags);
    if (auto* fault = std::get_if<Fault>(&tags)) return std::move(*fault);
    create.attributes = std::get<std::vector<stream::AttributeChange>>(std::move(tags));
  }
  if (!request.warm_throughput_mibps) return std::nullopt;
  if (create.mode != stream::StreamMode::on_demand)
    return Fault{ErrorType::validation, "WarmThroughputMiBps is for streams in ON_DEMAND mode only."};
  const std::int32_t warm = *request.warm_throughput_mibps;
  if (auto fault = refuse_warm(call, warm, 0)) return fault;
  create.attributes.push_back({std::string(kWarmAttribute), std::to_string(warm)});
  create.shard_count = std::max(create.shard_count, static_cast<std::uint32_t>(warm));
  return std::nullopt;
}

std::variant<stream::CreateStream, Fault> checked(const Call& call, const CreateStreamRequest& request) {
  stream::CreateStream create;
  create.account = call.account;
  create.name = *request.stream_name;
  if (auto fault = refuse_stream(call, create.name)) return *std::move(fault);
  if (!is_stream_name(create.name))
    return Fault{ErrorType::invalid_argument, "StreamName " + create.name + " is not allowed: it names a folder."};
  const bool mode_given = request.stream_mode_details.has_value();
  const bool on_demand = mode_given ? request.stream_mode_details->stream_mode == "ON_DEMAND" : !request.shard_count;
  if (on_demand && request.shard_count)
    return Fault{ErrorType::invalid_argument, "ShardCount must not be given for a stream in ON_DEMAND mode."};
  if (!on_demand && !request.shard_count)
    return Fault{ErrorType::invalid_argument, "ShardCount must be given for a stream in PROVISIONED mode."};
  create.mode = on_demand ? stream::StreamMode::on_demand : stream::StreamMode::provisioned;
  create.shard_count = on_demand ? kOnDemandShards : static_cast<std::uint32_t>(*request.shard_count);
  if (request.max_record_size_in_kib)
    create.record_bytes_max = static_cast<std::uint32_t>(*request.max_record_size_in_kib) * 1024;
  // Before the quotas: a client would repeat a call that one of them refused.
  if (call.services.streams.find(call.account, create.name)) return already_exists(call, create.name);
  if (auto fault = add_attributes(call, request, create)) return *std::move(fault);
  if (auto fault = check_shard_quota(call, create.shard_count)) return *std::move(fault);
  return create;
}
}  // namespace

Task<Reply> create_stream(Call& call) {
  auto decoded = decode_call<CreateStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  auto create = checked(call, std::get<CreateStreamRequest>(decoded));
  if (auto* fault = std::get_if<Fault>(&create)) co_return std::move(*fault);
  const std::string name = std::get<stream::CreateStream>(create).name;
  stream::CreateStream wanted = std::get<stream::CreateStream>(std::move(create));
  auto created = co_await call.services.streams.create(std::move(wanted));
  if (created) co_return std::string();
  if (created.error().code == Errc::already_exists) co_return already_exists(call, name);
  co_return fault_of(created.error());
}

}  // namespace forebay::gateway::kinesis
