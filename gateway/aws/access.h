#pragma once

#include <optional>
#include <string_view>

#include "gateway/auth/authenticator.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::aws {

/// What a caller wants to do: "firehose:PutRecord" on an ARN, or on "*" where the call is about nothing single.
struct PermissionQuestion {
  std::string_view account;  ///< of the caller
  std::string_view permission;
  std::string_view resource;
};

/// Fault  AccessDeniedException: the key may not do this on anything at all.
std::optional<wire::kinesis::Fault> refuse_everywhere(const auth::Identity& identity,
                                                      const PermissionQuestion& question);
/// Fault  AccessDeniedException: the key may not do this on the resource.
std::optional<wire::kinesis::Fault> refuse_permission(const auth::Identity& identity,
                                                      const PermissionQuestion& question);

/// AccessDeniedException: "User: ... is not authorized to perform: ... on resource: ... because REASON".
wire::kinesis::Fault access_denied(const auth::Identity& identity, const PermissionQuestion& question,
                                   std::string_view reason);

}  // namespace forebay::gateway::aws
