#include <algorithm>
#include <string>

#include "base/hex.h"
#include "wire/aws/canonical_request.h"
#include "wire/aws/date.h"
#include "wire/aws/sigv4.h"
#include "wire/aws/uri.h"

namespace forebay::wire::aws {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

void remove_header(HttpRequest& request, std::string_view lower_case_name) {
  std::erase_if(request.headers, [&](const auto& header) { return lower(header.first) == lower_case_name; });
}

bool is_signed(std::string_view lower_case_name) {
  return lower_case_name == "content-type" || lower_case_name == "if-none-match" ||
         lower_case_name.starts_with("x-amz-");
}

std::string join(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ';';
    out += name;
  }
  return out;
}

void sign_with(HttpRequest& request, const Credentials& credentials, std::string_view region, std::string_view service,
               const std::string& payload_hash, PathForm path, WallTime now) {
  for (std::string_view name : {"authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"})
    remove_header(request, name);
  const std::string time = to_basic_time(now);
  request.headers.emplace_back("x-amz-date", time);
  request.headers.emplace_back("x-amz-content-sha256", payload_hash);
  if (!credentials.session_token.empty())
    request.headers.emplace_back("x-amz-security-token", credentials.session_token);

  const auto url = split_url(request.url);
  const UrlParts parts = url.value_or(UrlParts{});
  std::vector<std::pair<std::string, std::string_view>> lowered = {{"host", parts.authority}};
  for (const auto& [name, value] : request.headers)
    if (std::string low = lower(name); is_signed(low)) lowered.emplace_back(std::move(low), value);
  std::vector<std::pair<std::string_view, std::string_view>> headers(lowered.begin(), lowered.end());
  std::vector<std::string> names;
  for (const auto& [name, value] : lowered) names.push_back(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());

  const SigningScope scope{time, std::string_view(time).substr(0, 8), region, service};
  const SignedRequestView view{request.method, parts.path, parts.query, headers};
  const Sha256 key = signing_key(credentials.secret_access_key, scope.date, region, service);
  const Sha256 signature =
      hmac_sha256(key, as_bytes(string_to_sign(scope, canonical_request(view, names, payload_hash, path))));
  std::string authorization = "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + "/";
  authorization.append(scope.date).append("/").append(region).append("/").append(service).append("/aws4_request");
  authorization.append(", SignedHeaders=").append(join(names)).append(", Signature=").append(to_hex(signature));
  request.headers.emplace_back("authorization", std::move(authorization));
}

}  // namespace

void sign(HttpRequest& request, const Credentials& credentials, std::string_view region, std::string_view service,
          WallTime now) {
  sign_with(request, credentials, region, service, to_hex(sha256(request.body)), PathForm::encoded_again, now);
}

void sign_s3(HttpRequest& request, const Credentials& credentials, std::string_view region, const Sha256& payload_hash,
             WallTime now) {
  sign_with(request, credentials, region, "s3", to_hex(payload_hash), PathForm::as_sent, now);
}

}  // namespace forebay::wire::aws
