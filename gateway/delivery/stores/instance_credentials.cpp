#include "gateway/delivery/stores/instance_credentials.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/aws/date.h"
#include "wire/aws/uri.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::chrono::minutes kRefreshBefore{5};
constexpr std::chrono::seconds kRetryEvery{5};
constexpr std::chrono::milliseconds kTimeout{2000};
constexpr std::size_t kAnswerBytesMax = 64 << 10;
constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr const char* kTokenSeconds = "21600";

std::string_view first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

InstanceCredentials::InstanceCredentials(std::unique_ptr<HttpClient> http, const Clock& clock, std::string metadata_url)
    : http_(std::move(http)), clock_(clock), url_(std::move(metadata_url)) {}

Result<wire::aws::Credentials> InstanceCredentials::get() {
  const std::lock_guard lock(mutex_);
  const WallTime now = clock_.wall_now();
  if (held_ && now + kRefreshBefore < held_->expires) return held_->credentials;
  const bool usable = held_ && now < held_->expires;
  if (usable && clock_.steady_now() < retry_after_) return held_->credentials;
  auto fetched = fetch();
  // After a success too: in its last minutes the service may go on to hand out the same key.
  retry_after_ = clock_.steady_now() + kRetryEvery;
  if (!fetched) {
    if (usable) return held_->credentials;
    return std::move(fetched).error().with_context("credentials of the instance");
  }
  held_ = *std::move(fetched);
  return held_->credentials;
}

void InstanceCredentials::refused(const wire::aws::Credentials& credentials) {
  const std::lock_guard lock(mutex_);
  if (held_ && held_->credentials.access_key_id == credentials.access_key_id) held_.reset();
}

Result<InstanceCredentials::Held> InstanceCredentials::fetch() {
  FB_TRY(const std::string token,
         ask("PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", kTokenSeconds));
  constexpr const char* kTokenHeader = "X-aws-ec2-metadata-token";
  FB_TRY(const std::string roles, ask("GET", kRolePath, kTokenHeader, token));
  const std::string role(first_line(roles));
  if (role.empty()) return Error{Errc::not_found, "the machine has no role; attach an instance profile to it"};
  FB_TRY(const std::string json, ask("GET", kRolePath + wire::aws::uri_encode(role), kTokenHeader, token));
  return parse(json);
}

Result<std::string> InstanceCredentials::ask(const char* method, const std::string& path, const char* header,
                                             const std::string& value) {
  HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  request.headers = {{header, value}};
  request.timeout = kTimeout;
  request.response_bytes_max = kAnswerBytesMax;
  FB_TRY(const HttpResponse response, http_->perform(request));
  if (response.status == 404 && path != "/latest/api/token")
    return Error{Errc::not_found, "the machine has no role; attach an instance profile to it"};
  if (response.status != 200)
    return Error{response.status >= 500 ? Errc::unavailable : Errc::permission,
                 request.url + " answered " + std::to_string(response.status)};
  return std::string(as_text(response.body));
}

Result<InstanceCredentials::Held> InstanceCredentials::parse(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const auto member = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>()
                                                                             : std::string();
  };
  if (const std::string code = member("Code"); !code.empty() && code != "Success")
    return Error{Errc::unavailable, "the metadata service says " + code.substr(0, 100)};
  Held held{{member("AccessKeyId"), member("SecretAccessKey"), member("Token")}, {}};
  const auto expires = wire::aws::parse_iso_time(member("Expiration"));
  if (held.credentials.access_key_id.empty() || held.credentials.secret_access_key.empty() || !expires)
    return Error{Errc::corrupt, "the metadata service's answer lacks AccessKeyId, SecretAccessKey or Expiration"};
  held.expires = *expires;
  return held;
}

std::unique_ptr<CredentialSource> instance_credentials(std::unique_ptr<HttpClient> http, const Clock& clock,
                                                       std::string metadata_url) {
  return std::make_unique<InstanceCredentials>(std::move(http), clock, std::move(metadata_url));
}

}  // namespace forebay::gateway::delivery
