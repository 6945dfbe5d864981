#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "base/http_client.h"
#include "base/result.h"
#include "base/units.h"
#include "wire/aws/credentials.h"

namespace forebay::wire::aws {

/// Signs a request in place: adds (or replaces, when signed before) the headers x-amz-date, x-amz-content-sha256,
/// x-amz-security-token (when there is a token) and authorization. Signed are the host, taken from request.url,
/// content-type, if-none-match and every x-amz- header; the body is hashed. The URL is http or https (aws/uri.h).
void sign(HttpRequest& request, const Credentials& credentials, std::string_view region, std::string_view service,
          WallTime now);

/// The same for S3: the path is signed as it stands in the URL, where every byte of the key that is not unreserved must
/// be percent-encoded. `payload_hash` is the SHA-256 of the body.
void sign_s3(HttpRequest& request, const Credentials& credentials, std::string_view region, const Sha256& payload_hash,
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
  std::string type;  ///< e.g. IncompleteSignatureException
  std::string message;
};

/// Parses the claim: that it is complete and well-formed, not that it is true. The fault is one of
/// MissingAuthenticationTokenException, IncompleteSignatureException, InvalidSignatureException.
std::variant<Claim, SignatureFault> parse_claim(const SignedRequestView& request);

/// Derived signing keys by (key id and secret, date, region, service); at most kEntriesMax, then it starts anew.
/// Threads  one.
class SigningKeyCache {
 public:
  static constexpr std::size_t kEntriesMax = 256;
  /// The reference stays valid until the next call.
  const Sha256& get(std::string_view access_key_id, std::string_view secret, std::string_view date,
                    std::string_view region, std::string_view service);

 private:
  std::unordered_map<std::string, Sha256> keys_;  ///< by all five, each closed by a zero byte
  std::string name_;                              ///< of the key asked for; reused
};

/// Checks the time (skew at most five minutes; presigned: until it expires), then compares the signature in constant
/// time. `payload_hash` is the SHA-256 of the body as received. A present x-amz-content-sha256 must equal it;
/// UNSIGNED-PAYLOAD and the streaming forms are refused.
/// Success  empty: the request was signed with this secret. Any fault is an InvalidSignatureException. Region and
///          service are the claim's: the caller compares them when it wants particular ones.
std::optional<SignatureFault> verify(const SignedRequestView& request, const Claim& claim, std::string_view secret,
                                     const Sha256& payload_hash, WallTime now, SigningKeyCache& cache);

}  // namespace forebay::wire::aws
