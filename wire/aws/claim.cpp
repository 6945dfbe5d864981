#include <algorithm>
#include <charconv>
#include <string>

#include "wire/aws/canonical_request.h"
#include "wire/aws/date.h"
#include "wire/aws/sigv4.h"
#include "wire/aws/uri.h"

namespace forebay::wire::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::int64_t kExpiresMax = 604'800;

SignatureFault incomplete(std::string message) { return {"IncompleteSignatureException", std::move(message)}; }
SignatureFault invalid(std::string message) { return {"InvalidSignatureException", std::move(message)}; }

template <class Part>
std::vector<Part> split(std::string_view text, char separator) {
  std::vector<Part> parts;
  parts.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), separator)) + 1);
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// The parts of a claim, wherever they stood; they point into the request.
struct Parts {
  std::string_view algorithm;
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
  std::string_view time;
};

/// "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..." with commas, blanks or both between.
Parts parse_authorization(std::string_view header) {
  Parts parts;
  const std::size_t blank = header.find(' ');
  parts.algorithm = header.substr(0, blank);
  std::string_view rest = blank == std::string_view::npos ? std::string_view() : header.substr(blank);
  while (!rest.empty()) {
    // find_first_of() would call memchr() for every character.
    const auto at = std::find_if(rest.begin(), rest.end(), [](char c) { return c == ',' || c == ' '; });
    const auto end = static_cast<std::size_t>(at - rest.begin());
    const std::string_view item = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = item.substr(0, equals);
    const std::string_view value = item.substr(equals + 1);
    if (name == "Credential") parts.credential = value;
    if (name == "SignedHeaders") parts.signed_headers = value;
    if (name == "Signature") parts.signature = value;
  }
  return parts;
}

/// Scope, algorithm, time and header list, once all parts are there.
std::optional<SignatureFault> fill(Claim& claim, const Parts& parts) {
  if (parts.algorithm != kAlgorithm)
    return incomplete("Unsupported AWS 'algorithm': '" + std::string(parts.algorithm) + "'.");
  const auto scope = split<std::string_view>(parts.credential, '/');
  if (scope.size() != 5)
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
        std::string(parts.credential) + "'");
  if (scope[4] != "aws4_request")
    return invalid("Credential should be scoped with a valid terminator: 'aws4_request', not '" +
                   std::string(scope[4]) + "'.");
  claim.access_key_id = scope[0];
  claim.date = scope[1];
  claim.region = scope[2];
  claim.service = scope[3];
  claim.signature = parts.signature;
  claim.signed_headers = split<std::string>(parts.signed_headers, ';');
  claim.time_text = parts.time;
  auto time = parse_basic_time(parts.time);
  if (!time && !claim.in_query) time = parse_http_date(parts.time);
  if (!time)
    return incomplete("Date must be in ISO-8601 'basic format'. Got '" + std::string(parts.time) +
                      "'. See http://en.wikipedia.org/wiki/ISO_8601");
  claim.time = *time;
  const std::string basic = to_basic_time(*time);
  if (claim.date != basic.substr(0, 8))
    return invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" +
                   claim.date + "' != '" + basic.substr(0, 8) + "', from '" + basic + "'.");
  for (const std::string& name : claim.signed_headers)
    if (name == "host" || name == ":authority") return std::nullopt;
  return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

std::variant<Claim, SignatureFault> from_header(const SignedRequestView& request, std::string_view header) {
  Parts parts = parse_authorization(header);
  parts.time = find_header(request, "x-amz-date");
  if (parts.time.empty()) parts.time = find_header(request, "date");
  std::string missing;
  auto require = [&](std::string_view value, const char* name) {
    if (value.empty()) missing += std::string("Authorization header requires '") + name + "' parameter. ";
  };
  require(parts.credential, "Credential");
  require(parts.signature, "Signature");
  require(parts.signed_headers, "SignedHeaders");
  if (parts.time.empty())
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  if (!missing.empty()) return incomplete(missing + "Authorization=" + std::string(header));
  Claim claim;
  claim.security_token = find_header(request, "x-amz-security-token");
  if (auto fault = fill(claim, parts)) return *std::move(fault);
  return claim;
}

std::variant<Claim, SignatureFault> from_query(const std::vector<std::pair<std::string, std::string>>& query) {
  auto value = [&](std::string_view name) {
    for (const auto& item : query)
      if (item.first == name) return std::string_view(item.second);
    return std::string_view();
  };
  const Parts parts{value("X-Amz-Algorithm"), value("X-Amz-Credential"), value("X-Amz-SignedHeaders"),
                    value("X-Amz-Signature"), value("X-Amz-Date")};
  std::string missing;
  auto require = [&](std::string_view given, const char* name) {
    if (given.empty()) missing += std::string("AWS query-string parameters must include '") + name + "'. ";
  };
  require(parts.algorithm, "X-Amz-Algorithm");
  require(parts.credential, "X-Amz-Credential");
  require(parts.signature, "X-Amz-Signature");
  require(parts.signed_headers, "X-Amz-SignedHeaders");
  require(parts.time, "X-Amz-Date");
  if (!missing.empty()) return incomplete(missing + "Re-examine the query-string parameters.");
  Claim claim;
  claim.in_query = true;
  claim.security_token = value("X-Amz-Security-Token");
  if (const std::string_view expires = value("X-Amz-Expires"); !expires.empty()) {
    const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), claim.expires_seconds);
    if (error != std::errc() || end != expires.data() + expires.size() || claim.expires_seconds < 1 ||
        claim.expires_seconds > kExpiresMax)
      return incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800. Got '" + std::string(expires) +
                        "'");
  }
  if (auto fault = fill(claim, parts)) return *std::move(fault);
  return claim;
}

}  // namespace

std::variant<Claim, SignatureFault> parse_claim(const SignedRequestView& request) {
  const std::string_view header = find_header(request, "authorization");
  bool in_query = false;
  std::vector<std::pair<std::string, std::string>> query;
  if (!request.query.empty()) {
    query = parse_query(request.query);
    for (const auto& item : query) in_query = in_query || item.first == "X-Amz-Algorithm";
  }
  if (!header.empty() && in_query)
    return invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  if (in_query) return from_query(query);
  if (header.empty()) return SignatureFault{"MissingAuthenticationTokenException", "Missing Authentication Token"};
  return from_header(request, header);
}

}  // namespace forebay::wire::aws
