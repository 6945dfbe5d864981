// The client against a loopback server: what goes over the wire, what comes back, and how each failure is named.
#include "sys/curl_http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

using test::LoopbackServer;
using ::testing::HasSubstr;
using ::testing::Not;

HttpRequest request_to(const std::string& url, ByteView body = {}) {
  HttpRequest request;
  request.url = url;
  request.body = body;
  request.timeout = std::chrono::seconds(20);
  return request;
}

TEST(CurlHttpClient, SendsExactlyWhatIsAskedAndKeepsTheConnection) {
  LoopbackServer server(
      [](const auto&) { return LoopbackServer::answer(400, "no", "X-Amzn-Thing: a b \r\nDate: now\r\n"); });
  CurlHttpClient client({});
  const Buffer body(300'000, 'x');
  HttpRequest request = request_to(server.url("/a/../b?c=%20d"), body);
  request.headers = {{"X-Amz-Target", "T.Put"}, {"X-Empty", ""}};
  for (int i = 0; i < 3; ++i) {
    const auto response = client.perform(request);
    ASSERT_TRUE(response.ok()) << response.error().to_string();
    EXPECT_EQ(response->status, 400);
    EXPECT_EQ(as_text(response->body), "no");
    EXPECT_EQ(response->header("x-amzn-thing"), "a b");
  }
  EXPECT_EQ(server.connections(), 1);
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.body.size(), body.size());
  EXPECT_THAT(seen.head, HasSubstr("POST /a/../b?c=%20d HTTP/1.1\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("X-Amz-Target: T.Put\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("X-Empty:\r\n"));
  EXPECT_THAT(seen.head, HasSubstr("User-Agent: forebay\r\n"));
  EXPECT_THAT(seen.head, Not(HasSubstr("Expect")));
  EXPECT_THAT(seen.head, Not(HasSubstr("Content-Type")));
}

TEST(CurlHttpClient, SendsOtherMethods) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, ""); });
  CurlHttpClient client({});
  for (const char* method : {"GET", "DELETE", "PUT"}) {
    HttpRequest request = request_to(server.url("/x"), std::string_view(method) == "PUT" ? as_bytes("b") : ByteView());
    request.method = method;
    ASSERT_TRUE(client.perform(request).ok());
  }
  const auto seen = server.requests();
  EXPECT_THAT(seen.at(0).head, HasSubstr("GET /x"));
  EXPECT_THAT(seen.at(1).head, HasSubstr("DELETE /x"));
  EXPECT_THAT(seen.at(2).head, HasSubstr("PUT /x"));
  EXPECT_EQ(seen.at(2).body, "b");
}

TEST(CurlHttpClient, AnEmptyPutHasALength) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, ""); });
  CurlHttpClient client({});
  HttpRequest request = request_to(server.url("/x"));
  request.method = "PUT";
  ASSERT_TRUE(client.perform(request).ok());
  EXPECT_THAT(server.requests().at(0).head, HasSubstr("PUT /x"));
  EXPECT_THAT(server.requests().at(0).head, HasSubstr("Content-Length: 0\r\n"));
}

TEST(CurlHttpClient, AddressesThatAreNotAllowedGetNoConnection) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, ""); });
  std::vector<std::string> asked;
  bool allow = false;
  CurlHttpClientOptions options;
  options.address_allowed = [&](const IpAddress& address) {
    asked.push_back(address.to_string());
    return allow;
  };
  CurlHttpClient client(options);
  const std::string port = std::to_string(server.port());
  // The name, and the forms of 127.0.0.1 that a check of the text would miss.
  for (const char* host : {"localhost", "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]"}) {
    const auto refused = client.perform(request_to("http://" + std::string(host) + ":" + port + "/"));
    ASSERT_FALSE(refused.ok()) << host;
    EXPECT_EQ(refused.error().code, Errc::permission) << host;
    EXPECT_THAT(refused.error().context, HasSubstr("is not allowed")) << host;
  }
  EXPECT_EQ(server.connections(), 0);
  EXPECT_THAT(asked, ::testing::Contains("127.0.0.1"));
  allow = true;
  EXPECT_TRUE(client.perform(request_to("http://2130706433:" + port + "/")).ok());
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttpClient, DoesNotFollowRedirects) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(302, "", "Location: /else\r\n"); });
  CurlHttpClient client({});
  EXPECT_EQ(client.perform(request_to(server.url("/")))->status, 302);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(CurlHttpClient, BoundsTheAnswer) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, std::string(1000, 'x')); });
  CurlHttpClient client({});
  HttpRequest request = request_to(server.url("/"));
  request.response_bytes_max = 1000;
  EXPECT_TRUE(client.perform(request).ok());
  request.response_bytes_max = 999;
  EXPECT_EQ(client.perform(request).error().code, Errc::too_large);
  EXPECT_TRUE(client.perform(request_to(server.url("/"))).ok());
}

TEST(CurlHttpClient, NamesEachFailure) {
  CurlHttpClient client({});
  int port = 0;
  {
    LoopbackServer gone([](const auto&) { return std::string(); });
    port = gone.port();
    EXPECT_EQ(client.perform(request_to(gone.url("/"))).error().code, Errc::unavailable);
  }
  const auto refused = client.perform(request_to("http://user:pw@127.0.0.1:" + std::to_string(port) + "/p?secret=1"));
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().context, Not(HasSubstr("pw")));
  EXPECT_THAT(refused.error().context, Not(HasSubstr("secret")));
  EXPECT_EQ(client.perform(request_to("ftp://127.0.0.1/")).error().code, Errc::invalid_argument);
  EXPECT_EQ(client.perform(request_to("http://[bad")).error().code, Errc::invalid_argument);
  HttpRequest injected = request_to("http://127.0.0.1:1/");
  injected.headers = {{"A", "b\r\nC: d"}};
  EXPECT_EQ(client.perform(injected).error().code, Errc::invalid_argument);
}

/// Holds its answer back until it is let go.
struct Stuck {
  std::mutex mutex;
  std::condition_variable changed;
  bool arrived = false;
  bool released = false;
  std::string operator()() {
    std::unique_lock lock(mutex);
    arrived = true;
    changed.notify_all();
    changed.wait(lock, [this] { return released; });
    return {};
  }
  void wait_for_arrival() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return arrived; });
  }
  void release() {
    std::lock_guard lock(mutex);
    released = true;
    changed.notify_all();
  }
};

TEST(CurlHttpClient, CancelEndsARunningRequestSoonAndAllLaterOnes) {
  Stuck stuck;
  LoopbackServer server([&](const auto&) { return stuck(); });
  CurlHttpClient client({});
  std::chrono::steady_clock::time_point start;
  std::thread canceller([&] {
    stuck.wait_for_arrival();
    start = std::chrono::steady_clock::now();
    client.cancel();
  });
  const auto result = client.perform(request_to(server.url("/")));
  const auto took = std::chrono::steady_clock::now() - start;
  canceller.join();
  EXPECT_EQ(result.error().code, Errc::cancelled);
  EXPECT_LT(took, std::chrono::milliseconds(500));
  EXPECT_EQ(client.perform(request_to(server.url("/"))).error().code, Errc::cancelled);
  stuck.release();
}

TEST(CurlHttpClient, ASilentServerTimesOut) {
  Stuck stuck;
  LoopbackServer server([&](const auto&) { return stuck(); });
  CurlHttpClient client({});
  HttpRequest request = request_to(server.url("/"));
  request.timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(client.perform(request).error().code, Errc::timed_out);
  stuck.release();
}

TEST(CurlHttpClient, AThinLinkIsNotAStalledOne) {
  LoopbackServer server([](const auto&) { return LoopbackServer::answer(200, ""); });
  server.read_slowly(std::chrono::milliseconds(10));
  CurlHttpClient client({});
  const Buffer body(2'000'000, 'x');
  HttpRequest request = request_to(server.url("/"), body);
  request.stall_timeout = std::chrono::milliseconds(500);
  const auto start = std::chrono::steady_clock::now();
  const auto response = client.perform(request);
  ASSERT_TRUE(response.ok()) << response.error().to_string();
  EXPECT_GT(std::chrono::steady_clock::now() - start, request.stall_timeout) << "longer than it may stand still";
}

TEST(CurlHttpClient, ALinkThatCarriesNothingIsGivenUp) {
  Stuck stuck;
  LoopbackServer server([&](const auto&) { return stuck(); });
  CurlHttpClient client({});
  HttpRequest request = request_to(server.url("/"));
  request.stall_timeout = std::chrono::milliseconds(100);
  const auto result = client.perform(request);
  EXPECT_EQ(result.error().code, Errc::timed_out);
  EXPECT_THAT(result.error().context, HasSubstr("no byte moved for 100 ms"));
  stuck.release();
}

}  // namespace
}  // namespace forebay
