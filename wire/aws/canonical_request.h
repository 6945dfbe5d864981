#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "wire/aws/sigv4.h"

namespace forebay::wire::aws {

/// What the signed digest covers besides the request: timestamp and scope.
struct SigningScope {
  std::string_view basic_time;  ///< 20260102T030405Z
  std::string_view date;        ///< 20260102
  std::string_view region;
  std::string_view service;
};

/// How the path stands in the canonical request.
enum class PathForm : std::uint8_t {
  encoded_again,  ///< resolved and percent-encoded once more: every service but S3
  as_sent,        ///< S3: keys may hold anything, also "//"
};

/// Lines of the canonical request for the given signed headers, in the order given. Duplicate headers are joined by
/// ',', runs of blanks become one; "host" and ":authority" stand in for each other.
std::string canonical_request(const SignedRequestView& request, std::span<const std::string> signed_headers,
                              std::string_view payload_hash_hex, PathForm path = PathForm::encoded_again);

/// Lower-case hex digits of a digest.
class HexDigest {
 public:
  explicit HexDigest(const Sha256& digest);
  [[nodiscard]] std::string_view text() const { return {digits_.data(), digits_.size()}; }

 private:
  std::array<char, 64> digits_;
};

std::string string_to_sign(const SigningScope& scope, std::string_view canonical_request);

/// HMAC chain of "AWS4" + secret over date, region, service and "aws4_request".
Sha256 signing_key(std::string_view secret, std::string_view date, std::string_view region, std::string_view service);

/// First value of the header, or empty. `name` in lower case.
std::string_view find_header(const SignedRequestView& request, std::string_view name);

}  // namespace forebay::wire::aws
