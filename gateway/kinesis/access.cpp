#include "gateway/kinesis/access.h"

#include "gateway/kinesis/describe.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
std::string permission_of(const Call& call) { return "kinesis:" + std::string(call.action); }

Fault access_denied(const Call& call, std::string_view resource) {
  const auth::AccessKey& key = *call.request.identity.key;
  return {ErrorType::access_denied,
          "User: arn:aws:iam::" + call.account + ":user/" + key.id + " is not authorized to perform: " +
              permission_of(call) + " on resource: " + std::string(resource) + " because no policy of the access key " +
              "allows it (role " + std::string(auth::role_name(key.role)) + ")"};
}
}  // namespace

std::optional<Fault> refuse_call(const Call& call) {
  const auth::Identity& identity = call.request.identity;
  if (identity.is_unrestricted() || identity.may_allow(permission_of(call))) return std::nullopt;
  return access_denied(call, "*");
}

std::optional<Fault> refuse_resource(const Call& call, std::string_view resource) {
  const auth::Identity& identity = call.request.identity;
  if (identity.is_unrestricted() || identity.allows(permission_of(call), resource)) return std::nullopt;
  return access_denied(call, resource);
}

std::optional<Fault> refuse_stream(const Call& call, std::string_view name) {
  if (call.request.identity.is_unrestricted()) return std::nullopt;
  return refuse_resource(call, arn_of(call, name));
}

}  // namespace forebay::gateway::kinesis
