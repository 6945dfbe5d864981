#pragma once

#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "gateway/delivery/delivery_service.h"
#include "gateway/http/front.h"

namespace forebay::gateway::delivery_front {

/// What the delivery front of every loop shares.
struct DeliveryFrontServices {
  delivery::DeliveryService& deliveries;
  const Clock& clock;
  Logger logger;
  std::string account;  ///< the gateway's own
};

/// What operators see and do of delivery streams beside Firehose's API (docs/DELIVERY.md): POST /delivery/v1/list,
/// /describe, /status, /pause, /resume, /replay, /replays and /cancel-replay with JSON bodies, signed for the service
/// "forebay" by an admin key without policy. Keys of an account of their own see that account's delivery streams only;
/// the gateway's own may name an account. Routed by the prefix "/delivery/".
class DeliveryFront final : public http::Front {
 public:
  explicit DeliveryFront(DeliveryFrontServices& services) : services_(services) {}

  [[nodiscard]] std::string_view service() const override { return "forebay"; }
  std::optional<http::Response> check_head(const http::Request& request) override;
  http::Response refuse(const http::Request& request, const wire::aws::SignatureFault& fault) override;
  Task<http::Response> handle(const http::Request& request) override;

 private:
  DeliveryFrontServices& services_;
};

}  // namespace forebay::gateway::delivery_front
