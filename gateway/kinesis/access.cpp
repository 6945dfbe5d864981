#include "gateway/kinesis/access.h"

#include "gateway/aws/access.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/resource_policy.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::Fault;

namespace {
std::string permission_of(const Call& call) { return "kinesis:" + std::string(call.action); }

aws::PermissionQuestion question_of(const Call& call, std::string_view permission, std::string_view resource) {
  return {caller_account(call), permission, resource};
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
  question.any_region = call.request.identity.any_region;
  return evaluate_policy(policy->second, question);
}
}  // namespace

std::optional<Fault> refuse_call(const Call& call) {
  const auth::Identity& identity = call.request.identity;
  if (identity.is_unrestricted()) return std::nullopt;
  return aws::refuse_everywhere(identity, question_of(call, permission_of(call), "*"));
}

std::optional<Fault> refuse_resource(const Call& call, std::string_view resource) {
  const auth::Identity& identity = call.request.identity;
  if (identity.is_unrestricted()) return std::nullopt;
  return aws::refuse_permission(identity, question_of(call, permission_of(call), resource));
}

std::optional<Fault> refuse_stream(const Call& call, std::string_view name) {
  if (call.request.identity.is_unrestricted()) return std::nullopt;
  return refuse_resource(call, arn_of(call, name));
}

std::string_view caller_account(const Call& call) {
  return call.request.identity.account_or(call.services.default_account);
}

std::optional<Fault> refuse_by_policy(const Call& call, const stream::Stream& stream, std::string_view policy_attribute,
                                      std::string_view resource) {
  if (verdict_of(call, stream, policy_attribute, resource) != Verdict::deny) return std::nullopt;
  if (call.action.ends_with("ResourcePolicy") && call.request.identity.is_unrestricted()) return std::nullopt;
  const std::string permission = permission_of(call);
  return aws::access_denied(call.request.identity, question_of(call, permission, resource),
                            "the policy of the resource denies it");
}

bool is_shared_with_caller(const Call& call, const stream::Stream& stream, std::string_view policy_attribute,
                           std::string_view resource) {
  return verdict_of(call, stream, policy_attribute, resource) == Verdict::allow;
}

}  // namespace forebay::gateway::kinesis
