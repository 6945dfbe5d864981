#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/auth/policy.h"

namespace forebay::gateway::auth {

enum class Role : std::uint8_t {
  admin,   ///< every call in its account, unless a policy narrows it
  user,    ///< what its policy allows
  device,  ///< uploads only, under the device names its pattern allows; a policy may narrow the streams
};
std::string_view role_name(Role role);
std::optional<Role> parse_role(std::string_view name);

/// Agents' uploads, on the ARN of each stream.
inline constexpr std::string_view kUploadAction = "forebay:Upload";

/// One access key of this gateway. The secret is never printed, logged or put into an error.
struct AccessKey {
  std::string id;
  std::string secret;
  std::string account;  ///< tenant, 12 digits; empty: the gateway's own account
  Role role = Role::admin;
  std::string device_pattern;            ///< with * and ?; empty: any device
  std::shared_ptr<const Policy> policy;  ///< null: what the role allows
  std::string note;                      ///< for people

  /// True when an upload of this device may be signed with this key.
  [[nodiscard]] bool allows_device(std::string_view device) const;
  /// Whether an action ("kinesis:PutRecord") may be done on a resource (ARN, or "*" for what concerns no stream).
  [[nodiscard]] bool allows(std::string_view action, std::string_view resource, bool any_region = false) const;
  /// Whether the action is allowed on any resource at all.
  [[nodiscard]] bool may_allow(std::string_view action) const;
};
using AccessKeyPtr = std::shared_ptr<const AccessKey>;

}  // namespace forebay::gateway::auth
