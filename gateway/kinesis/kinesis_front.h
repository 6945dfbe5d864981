#pragma once

#include "gateway/http/event_loop.h"
#include "gateway/http/front.h"
#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

/// The Kinesis Data Streams API, JSON 1.1 (reference: kinesis 1-4).
class KinesisFront final : public http::Front {
 public:
  KinesisFront(const KinesisServices& services, http::EventLoop& loop) : services_(services), loop_(loop) {}

  [[nodiscard]] std::string_view service() const override { return "kinesis"; }
  std::optional<http::Response> check_head(const http::Request& request) override;
  http::Response refuse(const http::Request& request, const wire::aws::SignatureFault& fault) override;
  Task<http::Response> handle(const http::Request& request) override;

 private:
  Task<http::Response> answer(const http::Request& request);
  http::Response finished(const http::Request& request, http::Response response) const;

  const KinesisServices& services_;
  http::EventLoop& loop_;
  CallScratch scratch_;
};

}  // namespace forebay::gateway::kinesis
