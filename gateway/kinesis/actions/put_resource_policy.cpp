// PutResourcePolicy: replaces the policy of a stream or a registered consumer, which shares it with other accounts or
// denies calls to anybody (access.h).
#include "wire/kinesis/shapes/put_resource_policy.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/change_policy.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/resource_policy.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;
using wire::kinesis::PutResourcePolicyRequest;

Task<Reply> put_resource_policy(Call& call) {
  auto decoded = decode_call<PutResourcePolicyRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<PutResourcePolicyRequest>(decoded);
  auto found = find_resource(call, *request.resource_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  if (auto fault = refuse_policy(*request.policy)) co_return *std::move(fault);
  co_return co_await change_policy(call, std::get<Resource>(std::move(found)), request.policy);
}

}  // namespace forebay::gateway::kinesis
