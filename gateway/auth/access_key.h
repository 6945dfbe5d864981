#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace forebay::gateway::auth {

enum class Role : std::uint8_t {
  admin,   ///< every call
  device,  ///< uploads only, under the device names its pattern allows
};

/// One access key of this gateway. The secret is never printed, logged or put into an error.
struct AccessKey {
  std::string id;
  std::string secret;
  std::string account;  ///< tenant, 12 digits; empty: the gateway's own account
  Role role = Role::admin;
  std::string device_pattern;  ///< with * and ?; empty: any device
  std::string note;            ///< for people

  /// True when an upload of this device may be signed with this key.
  [[nodiscard]] bool allows_device(std::string_view device) const;
};
using AccessKeyPtr = std::shared_ptr<const AccessKey>;

/// True when the whole text matches: * stands for any characters, ? for one.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace forebay::gateway::auth
