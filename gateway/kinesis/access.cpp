#include "gateway/kinesis/access.h"

#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/resource_policy.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
std::string permission_of(const Call& call) { return "kinesis:" + std::string(call.action); }

Fault access_denied(const Call& call, std::string_view resource, std::string_view reason) {
  const auth::AccessKeyPtr& key = call.request.identity.key;
  return {ErrorType::access_denied, "User: arn:aws:iam::" + std::string(caller_account(call)) + ":user/" +
                                        (key ? key->id : "anybody") + " is not authorized to perform: " +
                                        permission_of(call) + " on resource: " + std::string(resource) + " because " +
                                        std::string(reason)};
}

Fault denied_to_key(const Call& call, std::string_view resource) {
  return access_denied(call, resource,
                       "no policy of the access key allows it (role " +
                           std::string(auth::role_name(call.request.identity.key->role)) + ")");
}

Verdict verdict_of(const Call& call, const stream::Stream& stream, std::string_view policy_attribute,
                   std::string_view resource) {
  if (stream.attributes.empty()) return Verdict::silent;
  const auto policy = stream.attributes.find(policy_attribute);
  if (policy == stream.attributes.end()) return Verdict::silent;
  const std::string action = permission_of(call);
  const auth::AccessKeyPtr& key = call.request.identity.key;
  PolicyQuestion question;
  question.account = caller_account(call);
  if (key) question.key_id = key->id;
  question.action = action;
  question.resource = resource;
  return evaluate_policy(policy->second, question);
}
}  // namespace

std::optional<Fault> refuse_call(const Call& call) {
  const auth::Identity& identity = call.request.identity;
  if (identity.is_unrestricted() || identity.may_allow(permission_of(call))) return std::nullopt;
  return denied_to_key(call, "*");
}

std::optional<Fault> refuse_resource(const Call& call, std::string_view resource) {
  const auth::Identity& identity = call.request.identity;
  if (identity.is_unrestricted() || identity.allows(permission_of(call), resource)) return std::nullopt;
  return denied_to_key(call, resource);
}

std::optional<Fault> refuse_stream(const Call& call, std::string_view name) {
  if (call.request.identity.is_unrestricted()) return std::nullopt;
  return refuse_resource(call, arn_of(call, name));
}

std::string_view caller_account(const Call& call) {
  return call.request.identity.account_or(call.services.default_account);
}

std::optional<Fault> refuse_by_policy(const Call& call, const stream::Stream& stream,
                                      std::string_view policy_attribute, std::string_view resource) {
  if (verdict_of(call, stream, policy_attribute, resource) != Verdict::deny) return std::nullopt;
  if (call.action.ends_with("ResourcePolicy") && call.request.identity.is_unrestricted()) return std::nullopt;
  return access_denied(call, resource, "the policy of the resource denies it");
}

bool is_shared_with_caller(const Call& call, const stream::Stream& stream, std::string_view policy_attribute,
                           std::string_view resource) {
  return verdict_of(call, stream, policy_attribute, resource) == Verdict::allow;
}

}  // namespace forebay::gateway::kinesis
