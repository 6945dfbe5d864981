#pragma once

#include <string>

#include "base/entropy.h"
#include "base/log.h"
#include "gateway/auth/key_store.h"
#include "gateway/http/front.h"

namespace forebay::gateway::keys {

/// What the key front of every loop shares.
struct KeysServices {
  auth::KeyStore& keys;
  Entropy& entropy;
  Logger logger;
  std::string account;  ///< the gateway's own
};

/// Access keys, managed without a restart (docs/ACCESS.md): POST /keys/v1/create, /list, /revoke, /policy with JSON
/// bodies, signed for the service "forebay" by an admin key without policy. Keys of an account of their own manage
/// that account's keys only.
class KeysFront final : public http::Front {
 public:
  explicit KeysFront(KeysServices& services) : services_(services) {}

  [[nodiscard]] std::string_view service() const override { return "forebay"; }
  std::optional<http::Response> check_head(const http::Request& request) override;
  http::Response refuse(const http::Request& request, const wire::aws::SignatureFault& fault) override;
  Task<http::Response> handle(const http::Request& request) override;

 private:
  KeysServices& services_;
};

}  // namespace forebay::gateway::keys
