#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/http_client.h"
#include "base/result.h"
#include "cli/settings.h"

namespace forebay::cli {

/// One Kinesis or Firehose call as JSON 1.1, or one of the gateway's own calls about access keys and delivery, over a
/// signed POST, with retries of what is safe to repeat.
/// Threads  one.
class KinesisTransport {
 public:
  /// Waits before a retry; false: the user stopped it.
  using Pause = std::function<bool(Milliseconds)>;

  KinesisTransport(HttpClient& http, const Clock& clock, Settings settings, Pause pause)
      : http_(http), clock_(clock), settings_(std::move(settings)), pause_(std::move(pause)) {}

  enum class Repeat : std::uint8_t {
    always,      ///< the call may run twice without harm
    if_refused,  ///< only after an answer that says nothing was done (throttled, overloaded)
  };
  /// Success  the answer's document (null when it has no body).
  /// Errors   the service's error type mapped to what to do, its text, and for the usual causes the remedy.
  Result<nlohmann::json> call(std::string_view operation, const nlohmann::json& body, Repeat repeat);

  /// The same for Firehose.
  Result<nlohmann::json> call_firehose(std::string_view operation, const nlohmann::json& body, Repeat repeat);
  /// The same for /keys/v1/OPERATION.
  Result<nlohmann::json> call_keys(std::string_view operation, const nlohmann::json& body, Repeat repeat);
  /// The same for /delivery/v1/OPERATION.
  Result<nlohmann::json> call_delivery(std::string_view operation, const nlohmann::json& body, Repeat repeat);

  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// The gateway's time, as far as it is known to differ from ours.
  [[nodiscard]] WallTime now() const { return clock_.wall_now() + skew_; }

 private:
  /// Where a call goes and which service its signature names.
  struct Target {
    std::string operation;
    std::string_view service;
    HttpRequest request;  ///< url and headers
  };
  Result<nlohmann::json> call_json(std::string_view service, std::string_view prefix, std::string_view operation,
                                   const nlohmann::json& body, Repeat repeat);
  Result<nlohmann::json> call_own(std::string_view api, std::string_view operation, const nlohmann::json& body,
                                  Repeat repeat);
  Result<nlohmann::json> call(const Target& target, const nlohmann::json& body, Repeat repeat);
  Result<HttpResponse> send(const Target& target, std::string_view body);
  [[nodiscard]] Error refusal(const HttpResponse& response, std::string_view operation);

  HttpClient& http_;
  const Clock& clock_;
  Settings settings_;
  Pause pause_;
  Milliseconds skew_{0};  ///< gateway's clock minus ours, learnt from a time refusal
};

}  // namespace forebay::cli
