#include "wire/aws/canonical_request.h"

#include <algorithm>

#include "wire/aws/uri.h"

namespace forebay::wire::aws {
namespace {

/// Appends the value without blanks at its ends and with one for every run inside.
void append_header_value(std::string& out, std::string_view value) {
  if (std::none_of(value.begin(), value.end(), [](char c) { return c == ' ' || c == '\t'; })) {
    out.append(value);
    return;
  }
  bool started = false;
  bool blank = false;
  for (char c : value) {
    if (c == ' ' || c == '\t') {
      blank = true;
      continue;
    }
    if (blank && started) out += ' ';
    out += c;
    started = true;
    blank = false;
  }
}

bool append_header(std::string& out, const SignedRequestView& request, std::string_view name) {
  bool found = false;
  for (const auto& [header, value] : request.headers) {
    if (header != name) continue;
    if (found) out += ',';
    append_header_value(out, value);
    found = true;
  }
  return found;
}

}  // namespace

std::string_view find_header(const SignedRequestView& request, std::string_view name) {
  for (const auto& [header, value] : request.headers)
    if (header == name) return value;
  return {};
}

std::string canonical_request(const SignedRequestView& request, std::span<const std::string> signed_headers,
                              std::string_view payload_hash_hex, PathForm path) {
  std::string out;
  out.reserve(1024);
  out.append(request.method).append("\n");
  if (path == PathForm::as_sent)
    out.append(request.path).append("\n");
  else
    out.append(canonical_path(request.path)).append("\n");
  out.append(canonical_query(request.query, "X-Amz-Signature")).append("\n");
  for (const std::string& name : signed_headers) {
    out.append(name).append(":");
    const bool found = append_header(out, request, name);
    // Some HTTP/2 clients sign "host" while the wire carries only ":authority", and proxies do the reverse.
    if (!found && name == "host") append_header(out, request, ":authority");
    if (!found && name == ":authority") append_header(out, request, "host");
    out.append("\n");
  }
  out.append("\n");
  for (std::size_t i = 0; i < signed_headers.size(); ++i) out.append(i == 0 ? "" : ";").append(signed_headers[i]);
  out.append("\n").append(payload_hash_hex);
  return out;
}

HexDigest::HexDigest(const Sha256& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digits_[2 * i] = kDigits[digest[i] >> 4];
    digits_[2 * i + 1] = kDigits[digest[i] & 15];
  }
}

std::string string_to_sign(const SigningScope& scope, std::string_view canonical_request) {
  std::string out;
  out.reserve(192);
  out.append("AWS4-HMAC-SHA256\n");
  out.append(scope.basic_time).append("\n");
  out.append(scope.date).append("/").append(scope.region).append("/").append(scope.service).append("/aws4_request\n");
  return out.append(HexDigest(sha256(as_bytes(canonical_request))).text());
}

Sha256 signing_key(std::string_view secret, std::string_view date, std::string_view region, std::string_view service) {
  const std::string start = "AWS4" + std::string(secret);
  Sha256 key = hmac_sha256(as_bytes(start), as_bytes(date));
  for (std::string_view part : {region, service, std::string_view("aws4_request")})
    key = hmac_sha256(key, as_bytes(part));
  return key;
}

}  // namespace forebay::wire::aws
