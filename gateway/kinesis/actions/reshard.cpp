#include "gateway/kinesis/actions/reshard.h"

#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/error_reply.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::to_shard_id;

StreamOrFault find_reshardable(Call& call, const std::optional<std::string>& name,
                               const std::optional<std::string>& arn) {
  StreamOrFault found = find_stream(call, name, arn);
  if (std::holds_alternative<Fault>(found)) return found;
  const stream::Stream& stream = *std::get<stream::StreamPtr>(found);
  const std::string subject = "Stream " + stream.name + " under account " + call.account;
  if (stream.mode == stream::StreamMode::on_demand)
    return Fault{ErrorType::validation, "Request is invalid. " + subject + " is in On-Demand mode."};
  if (stream.status != stream::StreamStatus::active)
    return Fault{ErrorType::resource_in_use,
                 subject + " not ACTIVE, instead in state " + std::string(status_name(stream.status))};
  return found;
}

ShardOrFault find_open_shard(const Call& call, const stream::Stream& stream, const std::string& shard_id) {
  const auto number = wire::kinesis::parse_shard_id(shard_id);
  std::shared_ptr<const stream::Shard> shard;
  if (number) shard = stream.shard(stream::ShardNumber(*number));
  if (!shard)
    return Fault{ErrorType::resource_not_found, "Could not find shard " + (number ? to_shard_id(*number) : shard_id) +
                                                    " " + in_stream(call, stream.name) + "."};
  if (shard->closed) return already_resharded(call, stream, shard->number);
  return shard;
}

std::optional<Fault> check_shard_quota(const Call& call, std::uint64_t additional) {
  const std::uint64_t open = call.services.streams.open_shard_count(call.account);
  if (open + additional <= call.services.shard_limit) return std::nullopt;
  return Fault{ErrorType::limit_exceeded,
               "This request would exceed the shard limit for the account " + call.account + " in " + call.region +
                   ". Current shard count for the account: " + std::to_string(open) +
                   ". Limit: " + std::to_string(call.services.shard_limit) +
                   ". Number of additional shards that would have resulted from this request: " +
                   std::to_string(additional) + ". Raise the option limits.shards of this gateway to have more."};
}

std::string shard_in_stream(const Call& call, const stream::Stream& stream, stream::ShardNumber shard) {
  return to_shard_id(shard.value()) + " " + in_stream(call, stream.name);
}

Fault already_resharded(const Call& call, const stream::Stream& stream, stream::ShardNumber shard) {
  return {ErrorType::invalid_argument,
          "Shard " + shard_in_stream(call, stream, shard) +
              " has already been merged or split, and thus is not eligible for merging or splitting."};
}

Fault reshard_fault(const Call& call, const stream::Stream& stream, const Error& error) {
  if (error.code == Errc::not_found) return no_such_stream(call, stream.name);
  return fault_of(error);
}

}  // namespace forebay::gateway::kinesis
