#include "gateway/kinesis/stream_lookup.h"

#include <algorithm>
#include <utility>

#include "gateway/kinesis/access.h"
#include "gateway/kinesis/describe.h"
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
  if (found->attributes.empty()) return found;
  if (auto fault = refuse_by_policy(call, *found, kPolicyAttribute, arn_of(call, name))) return *std::move(fault);
  return found;
}

StreamOrFault find_stream_of(Call& call, std::string_view owner, std::string_view name) {
  if (owner == caller_account(call)) return find_stream(call, name);
  stream::StreamPtr found = call.services.streams.find(owner, name);
  std::string own = std::exchange(call.account, std::string(owner));
  const std::string arn = arn_of(call, name);
  // What is not shared does not exist for this tenant, whatever it is called.
  if (!found || !is_shared_with_caller(call, *found, kPolicyAttribute, arn)) {
    Fault fault = no_such_stream(call, name);
    call.account = std::move(own);
    return fault;
  }
  if (auto fault = refuse_resource(call, arn)) return *std::move(fault);
  return found;
}

StreamOrFault find_stream(Call& call, std::optional<std::string_view> name, std::optional<std::string_view> arn) {
  auto wanted = stream_name_of(name, arn);
  if (auto* fault = std::get_if<Fault>(&wanted)) return std::move(*fault);
  const auto parsed = wire::kinesis::parse_stream_arn(arn.value_or(""));
  return find_stream_of(call, parsed ? parsed->account : caller_account(call), std::get<std::string>(wanted));
}

std::string token_name(const Call& call, const stream::Stream& stream) {
  return stream.account == caller_account(call) ? stream.name : stream.account + ":" + stream.name;
}

StreamOrFault find_stream_of_token(Call& call, std::string_view token_name) {
  const std::size_t colon = token_name.find(':');  // no character of stream names
  if (colon == std::string_view::npos) return find_stream(call, token_name);
  return find_stream_of(call, token_name.substr(0, colon), token_name.substr(colon + 1));
}

bool may_create_stream(const Call& call, std::string_view name) {
  return call.services.auto_create_streams && is_stream_name(name) && !refuse_stream(call, name);
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
