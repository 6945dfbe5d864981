#include <string>

#include "wire/aws/canonical_request.h"
#include "wire/aws/date.h"
#include "wire/aws/sigv4.h"

namespace forebay::wire::aws {
namespace {

constexpr std::chrono::minutes kSkewMax{5};

SignatureFault invalid(std::string message) { return {"InvalidSignatureException", std::move(message)}; }

std::optional<SignatureFault> check_time(const Claim& claim, WallTime now) {
  if (claim.time > now + kSkewMax)
    return invalid("Signature not yet current: " + to_basic_time(claim.time) + " is still later than " +
                   to_basic_time(now + kSkewMax) + " (" + to_basic_time(now) + " + 5 min.)");
  if (claim.expires_seconds > 0) {
    const WallTime end = claim.time + std::chrono::seconds(claim.expires_seconds);
    if (end < now)
      return invalid("Signature expired: " + to_basic_time(end) + " is now earlier than " + to_basic_time(now) +
                     " (X-Amz-Expires is " + std::to_string(claim.expires_seconds) + ")");
  } else if (claim.time < now - kSkewMax) {
    return invalid("Signature expired: " + to_basic_time(claim.time) + " is now earlier than " +
                   to_basic_time(now - kSkewMax) + " (" + to_basic_time(now) + " - 5 min.)");
  }
  return std::nullopt;
}

std::optional<SignatureFault> check_payload(const SignedRequestView& request, std::string_view payload_hash_hex) {
  for (const auto& [name, value] : request.headers) {
    if (name != "x-amz-content-sha256" || value == payload_hash_hex) continue;
    if (value == "UNSIGNED-PAYLOAD" || value.starts_with("STREAMING-"))
      return invalid("x-amz-content-sha256 must be the SHA-256 of the request body; '" + std::string(value) +
                     "' is not accepted by this service.");
    return invalid("The x-amz-content-sha256 given does not match the SHA-256 of the request body received.");
  }
  return std::nullopt;
}

}  // namespace

const Sha256& SigningKeyCache::get(std::string_view access_key_id, std::string_view secret, std::string_view date,
                                   std::string_view region, std::string_view service) {
  // The secret is part of the name: a replaced secret must not find the old one's derivation.
  std::string& name = name_;
  name.clear();
  for (std::string_view part : {access_key_id, date, region, service, secret}) name.append(part).push_back('\0');
  if (const auto found = keys_.find(name); found != keys_.end()) return found->second;
  if (keys_.size() >= kEntriesMax) keys_.clear();
  return keys_.emplace(name, signing_key(secret, date, region, service)).first->second;
}

std::optional<SignatureFault> verify(const SignedRequestView& request, const Claim& claim, std::string_view secret,
                                     const Sha256& payload_hash, WallTime now, SigningKeyCache& cache) {
  if (auto fault = check_time(claim, now)) return fault;
  const HexDigest payload(payload_hash);
  if (auto fault = check_payload(request, payload.text())) return fault;
  const bool is_basic = parse_basic_time(claim.time_text).has_value();
  const std::string time = is_basic ? std::string() : to_basic_time(claim.time);
  const SigningScope scope{is_basic ? claim.time_text : time, claim.date, claim.region, claim.service};
  const Sha256& key = cache.get(claim.access_key_id, secret, claim.date, claim.region, claim.service);
  const std::string canonical = canonical_request(request, claim.signed_headers, payload.text());
  const HexDigest expected(hmac_sha256(key, as_bytes(string_to_sign(scope, canonical))));
  if (!equal_constant_time(as_bytes(expected.text()), as_bytes(claim.signature)))
    return invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key "
        "and signing method. Consult the service documentation for details.");
  return std::nullopt;
}

}  // namespace forebay::wire::aws
