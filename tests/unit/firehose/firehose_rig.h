#pragma once

#include "gateway/firehose/action_table.h"
#include "gateway/firehose/firehose_front.h"
#include "tests/unit/firehose/memory_deliveries.h"
#include "tests/unit/gateway_front/kinesis/call_rig.h"

namespace forebay::gateway::test {

/// Calls of the Firehose front on real streams; calls of Kinesis go to the Kinesis front.
class FirehoseRig {
 public:
  explicit FirehoseRig(bool auth_off = true) : kinesis(auth_off) {
    services = std::make_unique<firehose::FirehoseServices>(
        firehose::FirehoseServices{deliveries, *kinesis.rig.streams, kinesis.clock, kinesis.rig.entropy, metrics,
                                   Logger(kinesis.rig.log, "firehose"), "000000000000", ""});
    services->keys = kinesis.rig.encryption_keys;
    services->schemas["readings"] = {{"device", "string"}, {"value", "double"}};
    server = std::make_unique<HttpServer>([this](http::EventLoop&) {
      auto router = std::make_unique<http::Router>(
          auth::Authenticator(kinesis.rig.keys, kinesis.clock, kinesis.rig.auth_options), kinesis.rig.auth_faults);
      router->add("/", std::make_unique<firehose::FirehoseFront>(*services));
      return router;
    });
  }

  CallAnswer send(std::string_view operation, std::string_view body) {
    if (firehose::find_action(operation) == nullptr) return kinesis.send(operation, body, kinesis::Encoding::json);
    return exchange(post("/", head(operation), body));
  }
  CallAnswer send_signed(std::string_view operation, std::string_view body, const std::string& id,
                         const std::string& secret) {
    return exchange(signed_post("/", head(operation), body, id, secret, "firehose", kinesis.clock.wall_now()));
  }

  CallRig kinesis;
  MetricsRegistry registry;
  firehose::FirehoseMetrics metrics{registry};
  MemoryDeliveries deliveries{*kinesis.rig.streams, kinesis.clock};
  std::unique_ptr<firehose::FirehoseServices> services;
  std::unique_ptr<HttpServer> server;

 private:
  static std::string head(std::string_view operation) {
    return "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Firehose_20150804." + std::string(operation) +
           "\r\n";
  }
  CallAnswer exchange(const std::string& request) const {
    CallAnswer answer;
    answer.raw = RawClient(server->port()).exchange(request);
    answer.body = decode_body(answer.raw.body, kinesis::Encoding::json);
    return answer;
  }
};

}  // namespace forebay::gateway::test
