#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "agent/uploader/uploader_fsm.h"
#include "base/clock.h"
#include "base/http_client.h"
#include "base/log.h"
#include "wire/aws/credentials.h"
#include "wire/upload/messages.h"

namespace forebay::agent {

/// A request that brought no answer of the protocol.
struct UploadFailure {
  FailureKind kind = FailureKind::link;
  std::optional<Milliseconds> retry_after;
  std::string message;
};
template <class T>
using UploadResult = std::variant<T, UploadFailure>;

/// The three calls of the upload protocol.
/// Threads  one call at a time; cancel() from any.
class UploadClient {
 public:
  virtual ~UploadClient() = default;
  virtual UploadResult<wire::upload::OpenReply> open(const wire::upload::OpenRequest& request) = 0;
  /// `body`: an encoded BatchesRequest.
  virtual UploadResult<wire::upload::BatchesReply> send(ByteView body) = 0;
  virtual UploadResult<std::monostate> close(const wire::upload::CloseRequest& request) = 0;
  virtual void cancel() = 0;
};

/// The calls over HTTPS, signed with an access key. A refusal for the request's time is corrected from the answer's
/// Date for good: the device's own clock stays as it is.
class HttpUploadClient final : public UploadClient {
 public:
  struct Options {
    std::string url;  ///< scheme, host, port; a path before /upload/v1 is kept
    std::string region = "us-east-1";
    Milliseconds stall_timeout{30'000};  ///< without a byte moved; also finds half-open connections
  };
  /// Gives the key; called again after a refusal, so that a replaced key file is picked up.
  using LoadCredentials = std::function<Result<wire::aws::Credentials>()>;

  HttpUploadClient(HttpClient& http, Clock& clock, Logger logger, const Options& options, LoadCredentials load);

  UploadResult<wire::upload::OpenReply> open(const wire::upload::OpenRequest& request) override;
  UploadResult<wire::upload::BatchesReply> send(ByteView body) override;
  UploadResult<std::monostate> close(const wire::upload::CloseRequest& request) override;
  void cancel() override { http_.cancel(); }

 private:
  std::variant<HttpResponse, UploadFailure> post(std::string_view call, ByteView body);
  UploadFailure classify(const HttpResponse& response);
  bool correct_clock(const HttpResponse& response);

  HttpClient& http_;
  Clock& clock_;
  Logger logger_;
  const Options options_;
  const LoadCredentials load_;
  std::optional<wire::aws::Credentials> credentials_;
  std::chrono::milliseconds skew_{0};  ///< gateway's time minus ours
  Buffer body_;
};

}  // namespace forebay::agent
