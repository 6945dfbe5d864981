#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "base/http_client.h"
#include "base/result.h"
#include "base/units.h"
#include "wire/aws/credentials.h"

namespace forebay::wire::aws {

/// Signs a request in place: adds host-independent headers x-amz-date, x-amz-content-sha256, x-amz-security-token (when
/// there is a token) and authorization. The host is taken from request.url.
void sign(HttpRequest& request, const Credentials& credentials, std::string_view region, std::string_view service,
          WallTime now);

/// The parts of a request that a signature covers, as the server received them; views are borrowed.
struct SignedRequestView {
  std::string_view method;
  std::string_view path;   ///< as on the request line, without query
  std::string_view query;  ///< without '?'
  /// Names in lower case, in order of arrival; HTTP/2 pseudo-headers included with their colon.
  std::span<const std::pair<std::string_view, std::string_view>> headers;
};

/// What a client claims: parsed from the Authorization header or from the query.
struct Claim {
  std::string access_key_id;
  std::string date;  ///< of the scope, YYYYMMDD
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;
  std::string signature;  ///< hex
  WallTime time;          ///< X-Amz-Date, else Date
  std::string time_text;  ///< as given
  bool in_query = false;
  std::int64_t expires_seconds = 0;  ///< presigned only
  std::string security_token;
};

/// Error type and text of the service for a refused signature (kinesis 4).
struct SignatureFault {
  std::string type;     ///< e.g. IncompleteSignatureException
  std::string message;
};

/// Parses the claim. The fault is one of MissingAuthenticationToken, IncompleteSignature, InvalidSignature.
std::variant<Claim, SignatureFault> parse_claim(const SignedRequestView& request);

/// Derived signing keys by (key id, date, region, service); small and bounded. Threads  one.
class SigningKeyCache {
 public:
  const Sha256& get(std::string_view access_key_id, std::string_view secret, std::string_view date,
                    std::string_view region, std::string_view service);

 private:
  std::map<std::string, Sha256, std::less<>> keys_;
};

/// Compares the signature in constant time and checks time and scope (skew at most five minutes).
/// `payload_hash` is the SHA-256 of the body as received. A present x-amz-content-sha256 must equal it.
std::optional<SignatureFault> verify(const SignedRequestView& request, const Claim& claim, std::string_view secret,
                                     const Sha256& payload_hash, WallTime now, SigningKeyCache& cache);

}  // namespace forebay::wire::aws
