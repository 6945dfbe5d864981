#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "gateway/auth/key_store.h"
#include "wire/aws/sigv4.h"

namespace forebay::gateway::auth {

/// A request whose head names a known key; its signature is still to be checked against the body.
struct Admission {
  wire::aws::Claim claim;
  AccessKeyPtr key;  ///< null when authentication is off
  WallTime at;       ///< when the head was here: a body may take longer than a signature is good for
};

/// Who a request proved to be.
struct Identity {
  AccessKeyPtr key;         ///< null when authentication is off: everything is allowed
  std::string region;       ///< of the request's scope; empty when it has none
  bool any_region = false;  ///< the gateway has none of its own: see Policy::allows()

  /// The calling key's account, or the gateway's own.
  [[nodiscard]] std::string_view account_or(std::string_view own) const {
    return key && !key->account.empty() ? std::string_view(key->account) : own;
  }
  [[nodiscard]] bool allows(std::string_view action, std::string_view resource) const {
    return !key || key->allows(action, resource, any_region);
  }
  [[nodiscard]] bool may_allow(std::string_view action) const { return !key || key->may_allow(action); }
  /// True when nothing can be refused to this key, so that nobody has to name what it wants.
  [[nodiscard]] bool is_unrestricted() const { return !key || (key->role == Role::admin && !key->policy); }
  [[nodiscard]] bool allows_device(std::string_view device) const { return !key || key->allows_device(device); }
};

struct AuthOptions {
  bool off = false;
  std::string region;  ///< empty: any
};

/// Checks the signature of every request, once, before a front sees it: first the head alone, so that nobody without a
/// known key makes the gateway keep a body; then everything. Texts and types are the service's (kinesis 4).
/// Threads  one event loop; each loop has its own.
class Authenticator {
 public:
  Authenticator(const KeyStore& keys, const Clock& clock, AuthOptions options)
      : keys_(keys), clock_(clock), options_(std::move(options)) {}

  /// `service` is the name the credential scope must carry, if it carries any.
  std::variant<Admission, wire::aws::SignatureFault> admit(const wire::aws::SignedRequestView& request,
                                                           std::string_view service) const;
  std::variant<Identity, wire::aws::SignatureFault> verify(const wire::aws::SignedRequestView& request,
                                                           const Admission& admission, ByteView body);

 private:
  const KeyStore& keys_;
  const Clock& clock_;
  AuthOptions options_;
  wire::aws::SigningKeyCache signing_keys_;
};

}  // namespace forebay::gateway::auth
