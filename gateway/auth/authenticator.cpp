#include "gateway/auth/authenticator.h"

#include "base/digest.h"

namespace forebay::gateway::auth {
using wire::aws::Claim;
using wire::aws::SignatureFault;
using wire::aws::SignedRequestView;

namespace {
SignatureFault scope_fault(std::string_view what, std::string_view wanted) {
  return {"InvalidSignatureException",
          "Credential should be scoped to " + std::string(what) + ": '" + std::string(wanted) + "'."};
}
}  // namespace

std::variant<Admission, SignatureFault> Authenticator::admit(const SignedRequestView& request,
                                                             std::string_view service) const {
  auto parsed = wire::aws::parse_claim(request);
  if (options_.off) {
    Admission anybody;
    if (auto* claim = std::get_if<Claim>(&parsed)) anybody.claim = std::move(*claim);
    return anybody;
  }
  if (auto* fault = std::get_if<SignatureFault>(&parsed)) return std::move(*fault);
  Admission admission;
  admission.at = clock_.wall_now();
  admission.claim = std::get<Claim>(std::move(parsed));
  admission.key = keys_.find(admission.claim.access_key_id);
  if (!admission.key)
    return SignatureFault{"UnrecognizedClientException", "The security token included in the request is invalid."};
  // Some signers leave the service empty; the signature holds all the same.
  if (!admission.claim.service.empty() && admission.claim.service != service)
    return scope_fault("correct service", service);
  if (!options_.region.empty() && admission.claim.region != options_.region)
    return scope_fault("a valid region", options_.region);
  return admission;
}

std::variant<Identity, SignatureFault> Authenticator::verify(const SignedRequestView& request,
                                                             const Admission& admission, ByteView body) {
  Identity identity;
  identity.key = admission.key;
  identity.region = admission.claim.region;
  identity.any_region = options_.region.empty();
  if (options_.off) return identity;
  auto fault =
      wire::aws::verify(request, admission.claim, admission.key->secret, sha256(body), admission.at, signing_keys_);
  if (fault) return *std::move(fault);
  return identity;
}

}  // namespace forebay::gateway::auth
