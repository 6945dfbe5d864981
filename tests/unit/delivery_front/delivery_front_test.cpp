// The delivery front over a service of the test: who may see what, what reaches the service, what is answered.
#include "gateway/delivery_front/delivery_front.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"

namespace forebay::gateway::delivery_front {
namespace {

using Json = nlohmann::json;
using delivery::DeliveryInfo;

constexpr const char* kOwn = "000000000000";
constexpr const char* kTenant = "111122223333";

/// Keeps what it was told; the next change fails when `failure` is set.
class FakeDeliveries final : public delivery::DeliveryService {
 public:
  void add(const std::string& account, const std::string& name) {
    DeliveryInfo info;
    info.account = account;
    info.name = name;
    info.document = R"({"DeliveryStreamName":"x","EndpointConfiguration":{"Url":"https://h","AccessKey":"hidden"}})";
    info.created = from_millis(1000);
    infos[{account, name}] = info;
  }

  [[nodiscard]] std::optional<DeliveryInfo> find(std::string_view account, std::string_view name) const override {
    const auto found = infos.find({std::string(account), std::string(name)});
    if (found == infos.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] std::vector<DeliveryInfo> list(std::string_view account, std::string_view after,
                                               std::size_t limit) const override {
    std::vector<DeliveryInfo> out;
    for (const auto& [key, info] : infos)
      if (key.first == account && key.second > after && out.size() < limit) out.push_back(info);
    return out;
  }
  [[nodiscard]] delivery::DeliveryStatus status(std::string_view, std::string_view) const override { return present; }
  Task<Result<DeliveryInfo>> create(DeliveryInfo info, delivery::DeliveryDefinition) override { co_return info; }
  Task<Result<DeliveryInfo>> update(std::string, std::string, std::uint64_t, std::string,
                                    delivery::DeliveryDefinition) override {
    co_return Error{Errc::not_found, ""};
  }
  Task<Result<DeliveryInfo>> annotate(std::string, std::string, std::string) override {
    co_return Error{Errc::not_found, ""};
  }
  Task<Result<void>> remove(std::string, std::string) override { co_return Error{Errc::not_found, ""}; }
  Task<Result<DeliveryInfo>> set_paused(std::string account, std::string name, bool paused) override {
    if (failure) co_return *failure;
    DeliveryInfo& info = infos.at({account, name});
    info.paused = paused;
    co_return info;
  }
  Task<Result<std::string>> replay(std::string, std::string, delivery::ReplayRequest request) override {
    if (failure) co_return *failure;
    replayed = request;
    co_return std::string("r1");
  }
  [[nodiscard]] std::vector<delivery::ReplayStatus> replays(std::string_view, std::string_view) const override {
    delivery::ReplayStatus one;
    one.id = "r1";
    one.records_done = 5;
    one.records_total = 10;
    return {one};
  }
  Task<Result<void>> cancel_replay(std::string, std::string, std::string id) override {
    cancelled = id;
    co_return Result<void>();
  }

  std::map<std::pair<std::string, std::string>, DeliveryInfo> infos;
  delivery::DeliveryStatus present;
  std::optional<Error> failure;
  std::optional<delivery::ReplayRequest> replayed;
  std::string cancelled;
};

class DeliveryFrontTest : public testing::Test {
 protected:
  DeliveryFrontTest() {
    deliveries.add(kOwn, "a");
    deliveries.add(kOwn, "b");
    deliveries.add(kTenant, "theirs");
    as(auth::Role::admin);
  }

  void as(auth::Role role, const std::string& account = {}, const char* policy = nullptr) {
    auto key = std::make_shared<auth::AccessKey>();
    key->id = "AKCALLER";
    key->role = role;
    key->account = account;
    if (policy != nullptr) key->policy = std::make_shared<const auth::Policy>(*auth::Policy::parse(policy));
    identity.key = key;
  }

  http::Response post(std::string_view path, std::string_view body, std::string_view method = "POST") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = as_bytes(body);
    request.identity = identity;
    if (auto refusal = front.check_head(request)) return *std::move(refusal);
    std::optional<http::Response> answer;
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, front.handle(request), [&answer](const std::exception_ptr&, http::Response response) {
      answer = std::move(response);
    });
    loop.run();
    return *std::move(answer);
  }
  Json call(const std::string& operation, const Json& body, int status = 200) {
    const http::Response response = post("/delivery/v1/" + operation, body.dump());
    EXPECT_EQ(response.status, status) << as_text(response.content());
    EXPECT_EQ(response.content_type, "application/json");
    return Json::parse(as_text(response.content()));
  }

  forebay::test::LogCapture log;
  forebay::test::ManualClock clock{5'000'000};
  FakeDeliveries deliveries;
  DeliveryFrontServices services{deliveries, clock, Logger(log, "delivery"), kOwn};
  DeliveryFront front{services};
  auth::Identity identity;
};

TEST_F(DeliveryFrontTest, ListHoldsTheCallersAccountOnlyAndPages) {
  const Json all = call("list", Json::object());
  ASSERT_EQ(all["deliveries"].size(), 2u);
  EXPECT_EQ(all["deliveries"][1]["name"], "b");
  EXPECT_EQ(all["deliveries"][0]["created_ms"], 1000);
  EXPECT_EQ(all["more"], false);
  const Json first = call("list", {{"limit", 1}});
  EXPECT_EQ(first["deliveries"].size(), 1u);
  EXPECT_EQ(first["more"], true);
  const Json second = call("list", {{"limit", 1}, {"after", "a"}});
  EXPECT_EQ(second["deliveries"][0]["name"], "b");
  as(auth::Role::admin, kTenant);
  const Json theirs = call("list", Json::object());
  ASSERT_EQ(theirs["deliveries"].size(), 1u);
  EXPECT_EQ(theirs["deliveries"][0]["name"], "theirs");
}

TEST_F(DeliveryFrontTest, GatewaysOwnKeyMayNameAnAccountAndATenantMayNot) {
  EXPECT_EQ(call("list", {{"account", kTenant}})["deliveries"][0]["name"], "theirs");
  as(auth::Role::admin, kTenant);
  EXPECT_EQ(call("list", {{"account", kOwn}}, 403)["__type"], "AccessDeniedException");
  EXPECT_EQ(call("status", {{"name", "a"}}, 400)["__type"], "ResourceNotFoundException");
  EXPECT_EQ(call("pause", {{"name", "a"}}, 400)["__type"], "ResourceNotFoundException");
  EXPECT_FALSE(deliveries.infos.at({kOwn, "a"}).paused);
}

TEST_F(DeliveryFrontTest, OnlyAnAdminWithoutPolicyMayCallAndEverybodyWhenAuthenticationIsOff) {
  as(auth::Role::device);
  EXPECT_EQ(call("list", Json::object(), 403)["__type"], "AccessDeniedException");
  as(auth::Role::admin, "", R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})");
  EXPECT_EQ(call("pause", {{"name", "a"}}, 403)["__type"], "AccessDeniedException");
  EXPECT_FALSE(deliveries.infos.at({kOwn, "a"}).paused);
  identity.key = nullptr;
  EXPECT_EQ(call("list", Json::object())["deliveries"].size(), 2u);
}

TEST_F(DeliveryFrontTest, StatusHasNumbersAndNullForWhatNeverHappened) {
  deliveries.present.records_behind = 7;
  deliveries.present.lag = Milliseconds(1500);
  deliveries.present.last_object = "k";
  deliveries.present.last_success = from_millis(4'000);
  const Json status = call("status", {{"name", "a"}})["status"];
  EXPECT_EQ(status["records_behind"], 7);
  EXPECT_EQ(status["lag_ms"], 1500);
  EXPECT_EQ(status["last_object"], "k");
  EXPECT_EQ(status["last_success_ms"], 4000);
  EXPECT_TRUE(status["last_error_ms"].is_null());
}

TEST_F(DeliveryFrontTest, DescribeCoversSecretsOfTheDocument) {
  const http::Response response = post("/delivery/v1/describe", R"({"name":"a"})");
  EXPECT_EQ(as_text(response.content()).find("hidden"), std::string_view::npos);
  const Json document = Json::parse(as_text(response.content()))["document"];
  EXPECT_EQ(document["EndpointConfiguration"]["AccessKey"], "***");
  EXPECT_EQ(document["EndpointConfiguration"]["Url"], "https://h");
}

TEST_F(DeliveryFrontTest, PauseAndResumeReachTheServiceAndTheLog) {
  EXPECT_EQ(call("pause", {{"name", "a"}})["paused"], true);
  EXPECT_TRUE(deliveries.infos.at({kOwn, "a"}).paused);
  EXPECT_EQ(call("resume", {{"name", "a"}})["paused"], false);
  EXPECT_FALSE(deliveries.infos.at({kOwn, "a"}).paused);
  EXPECT_EQ(log.count("delivery paused"), 1u);
  EXPECT_EQ(log.count("AKCALLER"), 2u);
}

TEST_F(DeliveryFrontTest, ReplayEndsNowWhenNoEndIsGiven) {
  EXPECT_EQ(call("replay", {{"name", "a"}, {"from_ms", 1000}, {"bytes_per_second", 50'000'000}})["id"], "r1");
  ASSERT_TRUE(deliveries.replayed.has_value());
  EXPECT_EQ(deliveries.replayed->from, from_millis(1000));
  EXPECT_EQ(deliveries.replayed->to, from_millis(5'000'000));
  EXPECT_EQ(deliveries.replayed->bytes_per_second, 50'000'000u);
  EXPECT_EQ(call("replays", {{"name", "a"}})["replays"][0]["records_total"], 10);
  call("cancel-replay", {{"name", "a"}, {"id", "r1"}});
  EXPECT_EQ(deliveries.cancelled, "r1");
}

TEST_F(DeliveryFrontTest, ReplayRefusesRangesThatCannotBe) {
  for (const Json& body :
       {Json{{"name", "a"}}, Json{{"name", "a"}, {"from_ms", 9}, {"to_ms", 9}}, Json{{"name", "a"}, {"from_ms", -5}},
        Json{{"name", "a"}, {"from_ms", "1"}}, Json{{"name", "a"}, {"from_ms", 18'446'744'073'709'551'615u}},
        Json{{"from_ms", 1}}, Json{{"name", 5}, {"from_ms", 1}}})
    EXPECT_EQ(call("replay", body, 400)["__type"], "ValidationException") << body;
  EXPECT_FALSE(deliveries.replayed.has_value());
}

TEST_F(DeliveryFrontTest, FailuresOfTheServiceKeepTheirMeaning) {
  deliveries.failure = Error{Errc::conflict, "being deleted"};
  const Json busy = call("pause", {{"name", "a"}}, 400);
  EXPECT_EQ(busy["__type"], "ResourceInUseException");
  EXPECT_EQ(busy["message"], "being deleted");
  deliveries.failure = Error{Errc::unavailable, "stopping"};
  EXPECT_EQ(call("pause", {{"name", "a"}}, 503)["__type"], "ServiceUnavailable");
  EXPECT_EQ(log.count("paused"), 0u);
}

TEST_F(DeliveryFrontTest, WrongPathMethodAndBodyAreNamed) {
  const http::Response other = post("/delivery/v1/delete", "{}");
  EXPECT_EQ(other.status, 404);
  EXPECT_NE(as_text(other.content()).find("cancel-replay"), std::string_view::npos);
  EXPECT_EQ(post("/delivery/v2/list", "{}").status, 404);
  EXPECT_EQ(post("/delivery/v1/list", "", "GET").status, 405);
  EXPECT_EQ(post("/delivery/v1/list", "").status, 200);
  for (const char* body : {"[]", "{", "5", "null"}) EXPECT_EQ(post("/delivery/v1/list", body).status, 400) << body;
}

}  // namespace
}  // namespace forebay::gateway::delivery_front
