// Which front a request goes to: by path, then by X-Amz-Target.
#include "gateway/http/router.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace forebay::gateway::http {
namespace {

/// Answers every head with its name.
class NamedFront final : public Front {
 public:
  explicit NamedFront(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] std::string_view service() const override { return "kinesis"; }
  std::optional<Response> check_head(const Request&) override { return text_response(200, "text/plain", name_); }
  Response refuse(const Request&, const wire::aws::SignatureFault&) override { return text_response(403, "", ""); }
  Task<Response> handle(const Request&) override { co_return text_response(200, "", ""); }

 private:
  std::string name_;
};

class RouterTest : public testing::Test {
 protected:
  RouterTest() : router(auth::Authenticator(keys, clock, {}), faults) {
    router.add("/", std::make_unique<NamedFront>("streams"));
    router.add("/", std::make_unique<NamedFront>("delivery"), "Firehose_20150804.");
    router.add("/keys/", std::make_unique<NamedFront>("keys"));
  }
  std::string front_of(std::string_view path, std::string_view target = {}) {
    Request request;
    request.method = "POST";
    request.path = path;
    if (!target.empty()) request.headers.emplace_back("x-amz-target", target);
    const auto response = router.admit(request);
    return response ? std::to_string(response->status) + " " + response->text : "none";
  }

  auth::KeyStore keys;
  test::ManualClock clock;
  Counter faults;
  Router router;
};

TEST_F(RouterTest, LongestPathThenTargetWins) {
  EXPECT_EQ(front_of("/", "Kinesis_20131202.ListStreams"), "200 streams");
  EXPECT_EQ(front_of("/"), "200 streams");
  EXPECT_EQ(front_of("/", "Firehose_20150804.ListDeliveryStreams"), "200 delivery");
  EXPECT_EQ(front_of("/keys/v1/list", "Firehose_20150804.ListDeliveryStreams"), "200 keys");
}

TEST_F(RouterTest, PathThatNoFrontTakesIsNotFound) { EXPECT_EQ(front_of("*").substr(0, 3), "404"); }

}  // namespace
}  // namespace forebay::gateway::http
