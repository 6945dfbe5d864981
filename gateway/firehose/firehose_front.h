#pragma once

#include "gateway/firehose/action.h"
#include "gateway/http/front.h"
#include "wire/firehose/shape.h"

namespace forebay::gateway::firehose {

/// The Amazon Data Firehose API, JSON 1.1 (reference: kinesis 6). The router gives it the requests whose X-Amz-Target
/// begins with wire::firehose::kTargetPrefix.
class FirehoseFront final : public http::Front {
 public:
  explicit FirehoseFront(const FirehoseServices& services) : services_(services), scratch_(services.entropy) {}

  [[nodiscard]] std::string_view service() const override { return "firehose"; }
  std::optional<http::Response> check_head(const http::Request& request) override;
  http::Response refuse(const http::Request& request, const wire::aws::SignatureFault& fault) override;
  Task<http::Response> handle(const http::Request& request) override;

 private:
  Task<http::Response> answer(const http::Request& request);
  http::Response finished(const http::Request& request, http::Response response) const;

  const FirehoseServices& services_;
  CallScratch scratch_;
};

}  // namespace forebay::gateway::firehose
