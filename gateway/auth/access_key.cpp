#include "gateway/auth/access_key.h"

#include "gateway/auth/pattern.h"

namespace forebay::gateway::auth {

std::string_view role_name(Role role) {
  switch (role) {
    case Role::admin: return "admin";
    case Role::user: return "user";
    case Role::device: return "device";
  }
  return "user";
}

std::optional<Role> parse_role(std::string_view name) {
  for (const Role role : {Role::admin, Role::user, Role::device})
    if (name == role_name(role)) return role;
  return std::nullopt;
}

bool AccessKey::allows_device(std::string_view device) const {
  return device_pattern.empty() || matches_pattern(device_pattern, device);
}

bool AccessKey::allows(std::string_view action, std::string_view resource, bool any_region) const {
  if (role == Role::device && action != kUploadAction) return false;
  if (policy) return policy->allows(action, resource, any_region);
  return role != Role::user;
}

bool AccessKey::may_allow(std::string_view action) const {
  if (role == Role::device && action != kUploadAction) return false;
  if (policy) return policy->may_allow(action);
  return role != Role::user;
}

}  // namespace forebay::gateway::auth
