#include "gateway/aws/access.h"

namespace forebay::gateway::aws {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Fault denied(const auth::AccessKey& key, const PermissionQuestion& question) {
  std::string text = "User: arn:aws:iam::";
  text.append(question.account).append(":user/").append(key.id).append(" is not authorized to perform: ");
  text.append(question.permission).append(" on resource: ").append(question.resource);
  text.append(" because no policy of the access key allows it (role ").append(auth::role_name(key.role)).append(")");
  return {ErrorType::access_denied, std::move(text)};
}
}  // namespace

std::optional<Fault> refuse_everywhere(const auth::Identity& identity, const PermissionQuestion& question) {
  if (identity.is_unrestricted() || identity.may_allow(question.permission)) return std::nullopt;
  return denied(*identity.key, question);
}

std::optional<Fault> refuse_permission(const auth::Identity& identity, const PermissionQuestion& question) {
  if (identity.is_unrestricted() || identity.allows(question.permission, question.resource)) return std::nullopt;
  return denied(*identity.key, question);
}

}  // namespace forebay::gateway::aws
