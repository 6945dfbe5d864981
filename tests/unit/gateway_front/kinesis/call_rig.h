#pragma once

#include <atomic>

#include "tests/unit/gateway_front/gateway_rig.h"
#include "tests/unit/gateway_front/kinesis/call_text.h"

namespace forebay::gateway::test {

/// The system's clock, set ahead by tests.
class AheadClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall_now() const override { return system_.wall_now() + ahead(); }
  [[nodiscard]] SteadyTime steady_now() const override { return system_.steady_now() + ahead(); }
  [[nodiscard]] bool wall_is_synchronised() const override { return true; }
  void step(long seconds) { ahead_s_ += seconds; }

 private:
  [[nodiscard]] std::chrono::seconds ahead() const { return std::chrono::seconds(ahead_s_.load()); }
  SystemClock system_;
  std::atomic<long> ahead_s_{0};
};

struct CallAnswer {
  RawResponse raw;
  nlohmann::json body;  ///< in the common form of call_text.h; discarded when there is none or it is of no encoding

  [[nodiscard]] std::string type() const { return text("__type"); }
  /// Under the name the error must have it.
  [[nodiscard]] std::string message() const { return text(type() == "SerializationException" ? "Message" : "message"); }

 private:
  [[nodiscard]] std::string text(const char* name) const {
    const auto found = body.is_object() ? body.find(name) : body.end();
    return body.is_object() && found != body.end() && found->is_string() ? found->get<std::string>() : "";
  }
};

/// Calls of a gateway in either encoding.
class CallRig {
 public:
  explicit CallRig(bool auth_off = true) : rig({.auth_off = auth_off, .kinesis_clock = &clock}) {}

  CallAnswer send(std::string_view operation, std::string_view body, kinesis::Encoding encoding) {
    const std::string headers = "Content-Type: " + std::string(kinesis::content_type_of(encoding)) +
                                "\r\nX-Amz-Target: Kinesis_20131202." + std::string(operation) + "\r\n";
    CallAnswer answer;
    answer.raw = rig.client().exchange(post("/", headers, body));
    answer.body = decode_body(answer.raw.body, encoding);
    return answer;
  }
  CallAnswer call(std::string_view operation, const nlohmann::json& request, kinesis::Encoding encoding) {
    return send(operation, encode_body(request, encoding), encoding);
  }

  AheadClock clock;
  GatewayRig rig;
};

}  // namespace forebay::gateway::test
