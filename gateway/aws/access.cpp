#include "gateway/aws/access.h"

namespace forebay::gateway::aws {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Fault denied_to_key(const auth::Identity& identity, const PermissionQuestion& question) {
  const std::string role(auth::role_name(identity.key->role));
  return access_denied(identity, question, "no policy of the access key allows it (role " + role + ")");
}
}  // namespace

Fault access_denied(const auth::Identity& identity, const PermissionQuestion& question, std::string_view reason) {
  std::string text = "User: arn:aws:iam::";
  text.append(question.account).append(":user/").append(identity.key ? identity.key->id : "anybody");
  text.append(" is not authorized to perform: ").append(question.permission);
  text.append(" on resource: ").append(question.resource).append(" because ").append(reason);
  return {ErrorType::access_denied, std::move(text)};
}

std::optional<Fault> refuse_everywhere(const auth::Identity& identity, const PermissionQuestion& question) {
  if (identity.is_unrestricted() || identity.may_allow(question.permission)) return std::nullopt;
  return denied_to_key(identity, question);
}

std::optional<Fault> refuse_permission(const auth::Identity& identity, const PermissionQuestion& question) {
  if (identity.is_unrestricted() || identity.allows(question.permission, question.resource)) return std::nullopt;
  return denied_to_key(identity, question);
}

}  // namespace forebay::gateway::aws
