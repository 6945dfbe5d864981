#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "options.h"

namespace kload {

using Digest = std::array<std::uint8_t, 32>;

/// Builds whole requests, signed with SigV4 unless the options say otherwise. The signing key is derived once a second.
class Signer {
 public:
  explicit Signer(const Options& options)
      : options_(options), host_(options.host + ":" + std::to_string(options.port)) {}
  /// Replaces `out` by head and body of one call.
  void build(std::string_view action, std::string_view body, std::string& out);

 private:
  void renew(std::time_t now);
  void append_authorization(const std::string& target, std::string_view body, std::string& out);

  const Options& options_;
  std::string host_;
  std::string scope_;
  std::time_t second_ = 0;
  char date_[16] = {};
  char stamp_[24] = {};
  Digest key_{};
};

}  // namespace kload
