// GetResourcePolicy: the policy as it was put; "{}" when there is none.
#include "wire/kinesis/shapes/get_resource_policy.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/resource.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::GetResourcePolicyRequest;
using wire::kinesis::GetResourcePolicyResponse;

Task<Reply> get_resource_policy(Call& call) {
  auto decoded = decode_call<GetResourcePolicyRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  auto found = find_resource(call, *std::get<GetResourcePolicyRequest>(decoded).resource_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const Resource& resource = std::get<Resource>(found);
  const auto policy = resource.stream->attributes.find(resource.policy);
  GetResourcePolicyResponse response;
  response.policy = policy == resource.stream->attributes.end() ? "{}" : policy->second;
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
