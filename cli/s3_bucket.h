#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/http_client.h"
#include "cli/bucket.h"
#include "wire/aws/credentials.h"
#include "wire/s3/location.h"

namespace forebay::cli {

/// A bucket of an S3 store over signed requests, with a few retries of what the store could not answer just now.
class S3Bucket final : public Bucket {
 public:
  /// Waits before a retry; false: the user stopped it.
  using Pause = std::function<bool(Milliseconds)>;
  struct Access {
    wire::aws::Credentials credentials;  ///< empty key id: requests go unsigned
    std::string region;
  };

  S3Bucket(HttpClient& http, const Clock& clock, wire::s3::Location location, Access access, Pause pause)
      : http_(http),
        clock_(clock),
        location_(std::move(location)),
        access_(std::move(access)),
        pause_(std::move(pause)) {}

  Result<void> list(const std::string& prefix, const Each& each) override;
  Result<std::optional<Buffer>> get(const std::string& key, std::uint64_t bytes_max) override;
  Result<std::optional<std::uint64_t>> size(const std::string& key) override;

 private:
  /// Success  status 200, or 404 of an object.
  Result<HttpResponse> perform(const char* method, const std::string& url, std::uint64_t bytes_max);
  Result<HttpResponse> send(const char* method, const std::string& url, std::uint64_t bytes_max);
  [[nodiscard]] Error refusal(const HttpResponse& response) const;

  HttpClient& http_;
  const Clock& clock_;
  wire::s3::Location location_;
  Access access_;
  Pause pause_;
};

}  // namespace forebay::cli
