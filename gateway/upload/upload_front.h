#pragma once

#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "gateway/http/front.h"
#include "gateway/stream/stream_service.h"
#include "gateway/upload/part_router.h"
#include "gateway/upload/upload_metrics.h"
#include "wire/upload/messages.h"

namespace forebay::gateway::upload {

/// What the upload front of every loop shares.
struct UploadServices {
  stream::StreamService& streams;
  const Clock& clock;
  UploadMetrics& metrics;
  Logger logger;
  std::string account;
  bool auto_create_streams = false;
  std::size_t request_bytes_max = 16u << 20;
};

/// Agents' uploads (docs/formats/upload.md): POST /upload/v1/open, /batches, /close.
class UploadFront final : public http::Front {
 public:
  explicit UploadFront(const UploadServices& services) : services_(services) {}

  [[nodiscard]] std::string_view service() const override { return wire::upload::kServiceName; }
  std::optional<http::Response> check_head(const http::Request& request) override;
  http::Response refuse(const http::Request& request, const wire::aws::SignatureFault& fault) override;
  Task<http::Response> handle(const http::Request& request) override;

 private:
  Task<http::Response> open(const http::Request& request);
  Task<http::Response> batches(const http::Request& request);
  Task<http::Response> close(const http::Request& request);

  const UploadServices& services_;
  PartRouter router_;
};

/// {"__type": ..., "message": ...}
http::Response upload_error(int status, std::string_view type, std::string_view message);
/// The same for a failure of the stream service: 503 with Retry-After when a retry may help.
http::Response upload_error(const Error& error);
http::Response device_refused(std::string_view device);

/// The account the request is made under.
std::string account_of(const UploadServices& services, const http::Request& request);
/// Whether the calling key may upload to the stream of that name.
bool may_upload(const UploadServices& services, const http::Request& request, std::string_view stream);
/// The stream of that name; with auto_create_streams it is created when missing. Null: there is none.
Task<stream::StreamPtr> find_or_create(const UploadServices& services, std::string account, std::string name);
/// The stream's open shards as the agent sees them.
wire::upload::StreamMap map_of(const stream::Stream& stream);

}  // namespace forebay::gateway::upload
