// DeleteResourcePolicy: an error when there is none.
#include "wire/kinesis/shapes/delete_resource_policy.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_policy.h"
#include "gateway/kinesis/call_codec.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DeleteResourcePolicyRequest;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

Task<Reply> delete_resource_policy(Call& call) {
  auto decoded = decode_call<DeleteResourcePolicyRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DeleteResourcePolicyRequest>(decoded);
  auto found = find_resource(call, *request.resource_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const Resource& resource = std::get<Resource>(found);
  if (!resource.stream->attributes.contains(resource.policy))
    co_return Fault{ErrorType::resource_not_found,
                    "Resource policy of " + *request.resource_arn + " under account " + call.account + " not found."};
  co_return co_await change_policy(call, resource, std::nullopt);
}

}  // namespace forebay::gateway::kinesis
