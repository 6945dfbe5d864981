// HTTP/2 sessions over real loopback sockets: requests, flow control, the end of connections (reliability check 23).
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>

#include "tests/unit/gateway_front/http2_client.h"
#include "tests/unit/gateway_front/http_server.h"
#include "tests/unit/gateway_front/raw_client.h"
#include "tests/unit/gateway_front/stream_handler.h"

namespace forebay::gateway::test {
namespace {

/// Answers with what it got. /refused is refused by its head, /size answers that many bytes, /slow waits for open().
class EchoHandler final : public http::RequestHandler {
 public:
  EchoHandler(http::EventLoop& loop, std::atomic<bool>& open, std::atomic<int>& handled)
      : loop_(loop), open_(open), handled_(handled) {}

  std::optional<http::Response> admit(http::Request& request) override {
    if (request.path == "/refused") return http::text_response(403, "text/plain", "no");
    return std::nullopt;
  }
  Task<http::Response> handle(http::Request& request) override {
    ++handled_;
    if (request.path == "/throw") throw std::runtime_error("planned");
    boost::asio::steady_timer timer(loop_.context());
    while (request.path == "/slow" && !open_) {
      timer.expires_after(Milliseconds(1));
      (void)co_await timer.async_wait(http::kUseTuple);
    }
    std::string text(request.method);
    text.append(" ").append(request.path).append("?").append(request.query).append("|");
    text.append(request.header(":authority")).append("|").append(as_text(request.body));
    if (request.path == "/size") text.assign(static_cast<std::size_t>(std::stoul(std::string(request.query))), 'z');
    http::Response response = http::text_response(200, "text/plain", text);
    response.headers.emplace_back("X-Split", request.path == "/split" ? "a\r\nInjected: yes" : "whole");
    response.headers.emplace_back("Connection", "keep-alive");
    co_return response;
  }

 private:
  http::EventLoop& loop_;
  std::atomic<bool>& open_;
  std::atomic<int>& handled_;
};

struct EchoRig {
  explicit EchoRig(http::HttpOptions options = {}, std::size_t body_memory = 64u << 20)
      : server([this](http::EventLoop& loop) { return std::make_unique<EchoHandler>(loop, open, handled); }, options,
               body_memory) {}
  std::atomic<bool> open{false};
  std::atomic<int> handled{0};
  HttpServer server;
};

struct StreamRig {
  StreamCounts counts;
  HttpServer server{[this](http::EventLoop& loop) { return std::make_unique<StreamHandler>(loop, counts); }};
};

TEST(Http2Session, AnswersOneAfterTheOtherAndManyAtOnce) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  const Http2Reply& first = client.exchange("GET", "/a?b=c");
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(first.body, "GET /a?b=c|localhost|");
  EXPECT_EQ(first.headers.at("x-amzn-requestid").size(), 36u);
  EXPECT_EQ(first.headers.at("x-amz-id-2").size(), 96u);
  EXPECT_EQ(first.headers.at("date").substr(25), " GMT");
  EXPECT_EQ(first.headers.at("content-length"), std::to_string(first.body.size()));
  EXPECT_EQ(first.headers.at("x-split"), "whole");
  EXPECT_FALSE(first.headers.contains("connection"));
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 1000; ++i) ids.push_back(client.start("POST", "/" + std::to_string(i), "abc"));
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(client.wait(ids[static_cast<std::size_t>(i)]).body, "POST /" + std::to_string(i) + "?|localhost|abc");
  EXPECT_GE(client.remote_setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS), 1000u);
  EXPECT_EQ(rig.server.metrics.http2_connections.value(), 1u);
}

TEST(Http2Session, PrefaceInSinglePiecesIsTold) {
  EchoRig rig;
  RawClient client(rig.server.port());
  for (const char c : std::string_view("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) client.send(std::string_view(&c, 1));
  client.send(std::string_view("\0\0\0\4\0\0\0\0\0", 9));  // SETTINGS
  const std::string answer = client.take(9);
  EXPECT_EQ(answer[3], 4);  // SETTINGS
}

TEST(Http2Session, PrefaceAfterAnHttp1RequestIsABadRequest) {
  EchoRig rig;
  RawClient client(rig.server.port());
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(client.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status, 400);
}

TEST(Http2Session, WrongSecondHalfOfThePrefaceEndsTheConnection) {
  EchoRig rig;
  RawClient client(rig.server.port());
  client.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n and more");
  while (!client.take(1).empty()) {
  }
  EXPECT_TRUE(client.is_closed());
}

TEST(Http2Session, LargeBodiesGoBothWays) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  std::string body(5'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i / 1000 % 26);
  const std::int32_t with = client.start("POST", "/big", body, {{"content-length", std::to_string(body.size())}});
  client.open_window(with, 1 << 28);
  EXPECT_EQ(client.wait(with).body, "POST /big?|localhost|" + body);
  const std::int32_t without = client.start("POST", "/big", body);
  client.open_window(without, 1 << 28);
  EXPECT_EQ(client.wait(without).body.size(), body.size() + 21);
}

TEST(Http2Session, BodyOverTheLimitIsRefusedByItsDeclaredAndByItsActualSize) {
  http::HttpOptions options;
  options.body_bytes_max = 100'000;
  EchoRig rig(options);
  Http2Client client(rig.server.port());
  EXPECT_EQ(client.exchange("POST", "/", std::string(100'001, 'x'), {{"content-length", "100001"}}).status(), 413);
  EXPECT_EQ(client.exchange("POST", "/", std::string(100'001, 'x')).status(), 413);
  EXPECT_EQ(client.exchange("POST", "/", std::string(100'000, 'x')).status(), 200);
  EXPECT_EQ(rig.handled, 1);
}

TEST(Http2Session, RequestRefusedByItsHeadLeavesTheOthersAlone) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  const std::int32_t refused = client.start("POST", "/refused", std::string(3'000'000, 'x'));
  EXPECT_EQ(client.wait(refused).status(), 403);
  EXPECT_EQ(client.exchange("POST", "/", "abc").body, "POST /?|localhost|abc");
  EXPECT_EQ(rig.handled, 1);
  EXPECT_EQ(rig.server.budget.used(), 0u);
}

TEST(Http2Session, AnswerToALongBodyIsSeenBeforeItsStreamIsReset) {
  http::HttpOptions options;
  options.sweep_interval = Milliseconds(20);
  EchoRig rig(options);
  Http2Client client(rig.server.port());
  const std::int32_t refused = client.start("POST", "/refused", std::string(3'000'000, 'x'));
  client.wait_for_bytes(refused, 2);
  EXPECT_EQ(client.wait_for_bytes(refused, 2).status(), 403);
  EXPECT_FALSE(client.wait_for_bytes(refused, 2).closed);
  EXPECT_EQ(client.wait(refused).error_code, static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  EXPECT_EQ(rig.server.metrics.cut.value(), 0u);
}

TEST(Http2Session, WrongHeadsAreRefused) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  const auto head = [](std::string path, Http2Client::Headers more) {
    Http2Client::Headers all = {{":method", "GET"}, {":scheme", "http"}, {":path", std::move(path)}};
    for (auto& header : more) all.push_back(std::move(header));
    return all;
  };
  const auto status = [&](const Http2Client::Headers& all) { return client.wait(client.start_with(all)).status(); };
  EXPECT_EQ(status(head("/", {{":authority", "a"}})), 200);
  EXPECT_EQ(status(head("/", {{"host", "a"}})), 200);
  EXPECT_EQ(status(head("/", {{":authority", "a"}, {"host", "a"}})), 200);
  EXPECT_EQ(status(head("/", {{":authority", "a"}, {"host", "b"}})), 400);
  EXPECT_EQ(status(head("/", {{":authority", "a@b"}})), 400);
  EXPECT_EQ(status(head("/a#b", {{":authority", "a"}})), 400);
  EXPECT_EQ(status(head("/" + std::string(9'000, 'p'), {{":authority", "a"}})), 414);
  EXPECT_EQ(status(head("/", {{":authority", "a"}, {"x-long", std::string(17'000, 'h')}})), 431);
  Http2Client::Headers many = {{":authority", "a"}};
  for (int i = 0; i < 200; ++i) many.emplace_back("x-" + std::to_string(i), "v");
  EXPECT_EQ(status(head("/", many)), 431);
  EXPECT_EQ(client.exchange("GET", "/split").headers.contains("x-split"), false);
  EXPECT_EQ(client.exchange("GET", "/throw").status(), 500);
}

TEST(Http2Session, Expect100IsAnnounced) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  const Http2Reply& reply = client.exchange("POST", "/", "abc", {{"expect", "100-continue"}});
  EXPECT_EQ(reply.informational, 1);
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(client.exchange("POST", "/", "abc", {{"expect", "wonders"}}).status(), 417);
}

TEST(Http2Session, StalledAnswerStallsItselfOnly) {
  EchoRig rig;
  Http2Client client(rig.server.port(), 10'000);
  const std::int32_t stalled = client.start("GET", "/size?300000");
  EXPECT_EQ(client.wait_for_bytes(stalled, 10'000).body.size(), 10'000u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.exchange("GET", "/size?9999").body.size(), 9'999u);
  EXPECT_FALSE(client.wait_for_bytes(stalled, 10'000).closed);
  client.open_window(stalled, 300'000);
  EXPECT_EQ(client.wait(stalled).body.size(), 300'000u);
}

TEST(Http2Session, WaitingAnswersHoldBackFurtherHandlers) {
  http::HttpOptions options;
  options.queued_answer_bytes_max = 1'000'000;
  EchoRig rig(options);
  Http2Client client(rig.server.port(), 0);
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 50; ++i) ids.push_back(client.start("GET", "/size?100000"));
  ASSERT_TRUE(client.ping());
  EXPECT_LT(rig.handled, 50);
  for (const std::int32_t id : ids) client.open_window(id, 100'000);
  for (const std::int32_t id : ids) EXPECT_EQ(client.wait(id).body.size(), 100'000u);
  EXPECT_EQ(rig.handled, 50);
}

TEST(Http2Session, BodiesWaitForMemoryAndAllArrive) {
  http::HttpOptions options;
  options.memory_patience = Milliseconds(100);
  options.sweep_interval = Milliseconds(20);
  EchoRig rig(options, 3u << 20);
  Http2Client client(rig.server.port());
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(client.start("POST", "/", std::string(400'000, 'x')));
  for (const std::int32_t id : ids) {
    client.open_window(id, 1 << 20);
    const int status = client.wait(id).status();
    EXPECT_TRUE(status == 200 || status == 503) << status;
  }
  EXPECT_EQ(client.exchange("GET", "/").status(), 200);
  EXPECT_EQ(rig.server.budget.used(), 0u);
}

TEST(Http2Session, CompleteBodiesWaitForMemoryToo) {
  EchoRig rig({}, 200'000);
  Http2Client client(rig.server.port());
  std::vector<std::int32_t> ids;
  for (int i = 0; i < 30; ++i)
    ids.push_back(client.start("POST", "/slow", std::string(20'000, 'x'), {{"content-length", "20000"}}));
  ASSERT_TRUE(client.ping());
  EXPECT_LE(rig.handled, 10);
  EXPECT_LE(rig.server.budget.used(), 200'000u);
  rig.open = true;
  int served = 0;
  for (const std::int32_t id : ids) {
    const int status = client.wait(id).status();
    served += status == 200 ? 1 : 0;
    EXPECT_TRUE(status == 200 || status == 503) << status;  // 503: memory did not come in time
  }
  EXPECT_GE(served, 10);
  EXPECT_EQ(rig.server.budget.used(), 0u);
}

TEST(Http2Session, ResetWhileItsHandlerRunsDropsTheAnswer) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  const std::int32_t slow = client.start("GET", "/slow");
  EXPECT_EQ(client.exchange("GET", "/").status(), 200);
  client.reset(slow);
  ASSERT_TRUE(client.ping());
  rig.open = true;
  EXPECT_EQ(client.exchange("GET", "/slow").status(), 200);
}

TEST(Http2Session, DrainAnswersWhatRunsAndSaysGoodbye) {
  EchoRig rig;
  Http2Client client(rig.server.port());
  Http2Client idle(rig.server.port());
  ASSERT_TRUE(idle.ping());
  const std::int32_t slow = client.start("GET", "/slow");
  EXPECT_EQ(client.exchange("GET", "/").status(), 200);
  rig.server.drain();
  EXPECT_EQ(idle.wait_for_end(), NGHTTP2_NO_ERROR);
  rig.open = true;
  EXPECT_EQ(client.wait(slow).status(), 200);
  EXPECT_EQ(client.wait_for_end(), NGHTTP2_NO_ERROR);
}

TEST(Http2Session, RestingConnectionIsToldToGo) {
  http::HttpOptions options;
  options.idle_timeout = Milliseconds(100);
  options.sweep_interval = Milliseconds(20);
  EchoRig rig(options);
  Http2Client client(rig.server.port());
  EXPECT_EQ(client.exchange("GET", "/").status(), 200);
  EXPECT_EQ(client.wait_for_end(), NGHTTP2_NO_ERROR);
}

TEST(Http2Session, SlowBodyAndStalledAnswerLoseTheirStreamOnly) {
  http::HttpOptions options;
  options.body_timeout = Milliseconds(200);
  options.write_timeout = Milliseconds(200);
  options.sweep_interval = Milliseconds(20);
  EchoRig rig(options);
  Http2Client client(rig.server.port(), 100);
  const std::int32_t stalled = client.start("GET", "/size?1000");
  Http2Client::Headers head = {
      {":method", "POST"}, {":scheme", "http"}, {":authority", "x"}, {":path", "/"}, {"content-length", "5000000"}};
  const std::int32_t slow = client.start_with(head, std::string(4'000'000, 'x'));
  EXPECT_EQ(client.wait(stalled).error_code, static_cast<std::uint32_t>(NGHTTP2_CANCEL));
  EXPECT_TRUE(client.wait(slow).closed);
  EXPECT_EQ(client.exchange("GET", "/").status(), 200);
}

TEST(Http2Stream, PiecesArriveAndTheStreamEnds) {
  StreamRig rig;
  Http2Client client(rig.server.port());
  const Http2Reply& reply = client.exchange("GET", "/three");
  EXPECT_EQ(reply.body, "000011112222");
  EXPECT_FALSE(reply.headers.contains("content-length"));
  EXPECT_EQ(reply.error_code, 0u);
  EXPECT_EQ(client.exchange("GET", "/").body, "plain");
  EXPECT_EQ(rig.counts.destroyed, 1);
}

TEST(Http2Stream, NextPieceIsAskedForOnlyWhenTheWindowAllows) {
  StreamRig rig;
  Http2Client client(rig.server.port(), 100'000);
  const std::int32_t id = client.start("GET", "/large");
  EXPECT_EQ(client.wait_for_bytes(id, 100'000).body.size(), 100'000u);
  ASSERT_TRUE(client.ping());
  EXPECT_EQ(rig.counts.asked, 2);
  client.open_window(id, 100'000);
  EXPECT_EQ(client.wait_for_bytes(id, 200'000).body.size(), 200'000u);
  ASSERT_TRUE(client.ping());
  EXPECT_EQ(rig.counts.asked, 4);
  EXPECT_EQ(client.exchange("GET", "/").body, "plain");
}

TEST(Http2Stream, ResetAndClosedConnectionEndIt) {
  StreamRig rig;
  {
    Http2Client client(rig.server.port());
    const std::int32_t id = client.start("GET", "/endless");
    client.wait_for_bytes(id, 4);
    client.reset(id);
    EXPECT_TRUE(StreamCounts::reaches(rig.counts.destroyed, 1));
    client.wait_for_bytes(client.start("GET", "/endless"), 4);
  }
  EXPECT_TRUE(StreamCounts::reaches(rig.counts.destroyed, 2));
  EXPECT_GE(rig.counts.cancelled, 2);
}

TEST(Http2Stream, AnOpenOneKeepsNoRoomOfBodiesBesideIt) {
  StreamRig rig;
  Http2Client client(rig.server.port());
  client.wait_for_bytes(client.start("GET", "/endless"), 4);
  ASSERT_TRUE(client.ping());
  const std::size_t before = rig.server.budget.used();
  EXPECT_EQ(client.exchange("POST", "/", std::string(500'000, 'x')).status(), 200);
  ASSERT_TRUE(client.ping());
  EXPECT_EQ(rig.server.budget.used(), before);
}

TEST(Http2Stream, DrainEndsItCleanly) {
  StreamRig rig;
  Http2Client client(rig.server.port());
  const std::int32_t id = client.start("GET", "/endless");
  EXPECT_EQ(client.wait_for_bytes(id, 4).body, "0000");
  rig.server.drain();
  EXPECT_EQ(client.wait(id).error_code, 0u);
  EXPECT_EQ(client.wait_for_end(), NGHTTP2_NO_ERROR);
}

}  // namespace
}  // namespace forebay::gateway::test
