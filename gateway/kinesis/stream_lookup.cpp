#include "gateway/kinesis/stream_lookup.h"

#include <algorithm>

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/error_reply.h"
#include "wire/kinesis/arn.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::variant<std::string, Fault> stream_name_of(std::optional<std::string_view> name,
                                                std::optional<std::string_view> arn) {
  if (!arn) {
    if (!name) return Fault{ErrorType::invalid_argument, "Either StreamName or StreamARN should be provided."};
    return std::string(*name);
  }
  const auto parsed = wire::kinesis::parse_stream_arn(*arn);
  if (!parsed)
    return Fault{ErrorType::invalid_argument, "StreamARN " + std::string(*arn) + " is not the ARN of a stream."};
  if (name && *name != parsed->name)
    return Fault{ErrorType::invalid_argument, "StreamName " + std::string(*name) + " and StreamARN " +
                                                  std::string(*arn) + " name two different streams."};
  return std::string(parsed->name);
}

StreamOrFault find_stream(const Call& call, std::string_view name) {
  if (auto fault = refuse_stream(call, name)) return *std::move(fault);
  stream::StreamPtr found = call.services.streams.find(call.account, name);
  if (!found) return no_such_stream(call, name);
  return found;
}

StreamOrFault find_stream(const Call& call, std::optional<std::string_view> name, std::optional<std::string_view> arn) {
  auto wanted = stream_name_of(name, arn);
  if (auto* fault = std::get_if<Fault>(&wanted)) return std::move(*fault);
  // An ARN of another account is another tenant's stream, even when one of ours has the same name.
  if (const auto parsed = wire::kinesis::parse_stream_arn(arn.value_or("")); parsed && parsed->account != call.account)
    return Fault{ErrorType::resource_not_found, "Stream " + std::string(parsed->name) + " under account " +
                                                    std::string(parsed->account) + " not found."};
  return find_stream(call, std::get<std::string>(wanted));
}

Task<StreamOrFault> find_or_create_stream(const Call& call, std::string name) {
  if (auto fault = refuse_stream(call, name)) co_return *std::move(fault);
  stream::StreamPtr found = call.services.streams.find(call.account, name);
  if (found) co_return found;
  if (!call.services.auto_create_streams || !is_stream_name(name)) co_return no_such_stream(call, name);
  stream::CreateStream request;
  request.account = call.account;
  request.name = name;
  request.shard_count = 4;
  request.mode = stream::StreamMode::on_demand;
  auto created = co_await call.services.streams.create(std::move(request));
  if (created) {
    call.services.logger.info("stream created for a put", {{"stream", name}});
    co_return *created;
  }
  found = call.services.streams.find(call.account, name);
  if (found) co_return found;
  co_return fault_of(created.error());
}

Fault no_such_stream(const Call& call, std::string_view name) {
  return {ErrorType::resource_not_found,
          "Stream " + std::string(name) + " under account " + call.account + " not found."};
}

Fault no_such_shard(const Call& call, std::string_view stream, std::uint32_t shard) {
  return {ErrorType::resource_not_found,
          "Shard " + wire::kinesis::to_shard_id(shard) + " " + in_stream(call, stream) + " does not exist"};
}

std::string in_stream(const Call& call, std::string_view name) {
  return "in stream " + std::string(name) + " under account " + call.account;
}

bool is_stream_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= 128 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace forebay::gateway::kinesis
