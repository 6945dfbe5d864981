// Signed requests, in the Authorization header and in the query: nothing is accepted under another secret or with
// another signature, and a cache of keys changes no outcome.
#include <algorithm>

#include "tests/fuzz/targets.h"
#include "wire/aws/sigv4.h"

namespace forebay::fuzz {
namespace {

using namespace wire::aws;

constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const WallTime kNow = from_millis(1'767'323'045'000);  // of the corpus's signatures

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view piece = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return piece;
}

bool refused(const SignedRequestView& request, const Claim& claim, std::string_view secret, const Sha256& hash) {
  SigningKeyCache fresh;
  return verify(request, claim, secret, hash, kNow, fresh).has_value();
}

void check_claim(const SignedRequestView& request, const Claim& claim, const Sha256& hash) {
  require(!claim.signed_headers.empty(), "a claim says what was signed");
  require(refused(request, claim, "another secret", hash), "another secret does not verify");
  SigningKeyCache cache;
  (void)verify(request, claim, "another secret", hash, kNow, cache);
  const bool refusal = verify(request, claim, kSecret, hash, kNow, cache).has_value();
  require(refusal == refused(request, claim, kSecret, hash), "the cache changes no outcome");
  if (refusal) return;
  Claim other = claim;
  require(!other.signature.empty(), "what verifies has a signature");
  other.signature[0] = other.signature[0] == '0' ? '1' : '0';
  require(refused(request, other, kSecret, hash), "another signature does not verify");
  Sha256 other_hash = hash;
  other_hash[0] ^= 1;
  const bool body_in_query = claim.in_query;  // a presigned request may leave its body open
  require(body_in_query || refused(request, claim, kSecret, other_hash), "another body does not verify");
}

}  // namespace

/// Lines: method, path, query, headers "name:value", an empty line; then the body.
void sigv4(ByteView input) {
  std::string_view rest = as_text(input);
  SignedRequestView request;
  request.method = take_until(rest, '\n');
  request.path = take_until(rest, '\n');
  request.query = take_until(rest, '\n');
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  while (!rest.empty() && headers.size() < 100) {
    std::string_view line = take_until(rest, '\n');
    if (line.empty()) break;
    const std::string_view name = take_until(line, ':');
    headers.emplace_back(name, line);
  }
  request.headers = headers;
  const auto parsed = parse_claim(request);
  if (const auto* fault = std::get_if<SignatureFault>(&parsed))
    return require(!fault->type.empty() && !fault->message.empty(), "a refusal has a type and a text");
  check_claim(request, std::get<Claim>(parsed), sha256(as_bytes(rest)));
}

}  // namespace forebay::fuzz
