#pragma once

#include <string>

namespace forebay::wire::aws {

/// An access key. Never printed, logged or put into an error.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty: none
};

}  // namespace forebay::wire::aws
