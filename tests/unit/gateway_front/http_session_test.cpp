// HTTP/1.1 sessions over real loopback sockets: framing, limits, smuggling forms (reliability checks 18-22).
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/unit/gateway_front/http_server.h"
#include "tests/unit/gateway_front/raw_client.h"

namespace forebay::gateway::test {
namespace {

/// Answers with what it got: method, path, query, body.
class EchoHandler final : public http::RequestHandler {
 public:
  std::optional<http::Response> admit(http::Request& request) override {
    if (request.path == "/refused") return http::text_response(403, "text/plain", "no");
    return std::nullopt;
  }
  Task<http::Response> handle(http::Request& request) override {
    std::string text(request.method);
    text.append(" ").append(request.path).append("?").append(request.query).append("|").append(as_text(request.body));
    http::Response response = http::text_response(200, "text/plain", text);
    if (request.has_header("x-reflect"))
      response.headers.emplace_back("X-Reflected", std::string(request.header("x-reflect")));
    if (request.path == "/split") response.headers.emplace_back("X-Split", "a\r\nInjected: yes");
    if (request.path == "/throw") throw std::runtime_error("planned");
    co_return response;
  }
};

std::unique_ptr<http::RequestHandler> echo(http::EventLoop&) { return std::make_unique<EchoHandler>(); }

TEST(HttpSession, AnswersRequestsOnOneConnection) {
  HttpServer server(echo);
  RawClient client(server.port());
  const RawResponse first = client.exchange("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "GET /a?b=c|");
  EXPECT_EQ(first.headers.at("x-amzn-requestid").size(), 36u);
  EXPECT_EQ(first.headers.at("x-amz-id-2").size(), 96u);
  EXPECT_EQ(first.headers.at("date").substr(25), " GMT");
  const RawResponse second = client.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(second.body, "POST /?|hello");
  EXPECT_NE(first.headers.at("x-amzn-requestid"), second.headers.at("x-amzn-requestid"));
}

TEST(HttpSession, PipelinedRequestsAreAnsweredInOrder) {
  HttpServer server(echo);
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  client.send(all);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.receive().body, "POST /" + std::to_string(i) + "?|abc");
}

TEST(HttpSession, ChunkedBodyArrivesWholeAndThePipelinedRequestAfterIt) {
  HttpServer server(echo);
  RawClient client(server.port());
  client.send(
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;ext=1\r\n "
      "world\r\n0\r\nTrailer: t\r\n\r\n"
      "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, "POST /c?|hello world");
  EXPECT_EQ(client.receive().body, "GET /next?|");
}

TEST(HttpSession, LargeBodyInSmallPiecesArrivesWhole) {
  HttpServer server(echo);
  RawClient client(server.port());
  std::string body(3'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i / 1000 % 26);
  client.send("POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  for (std::size_t at = 0; at < body.size(); at += 70'001) client.send(std::string_view(body).substr(at, 70'001));
  EXPECT_EQ(client.receive().body, "POST /big?|" + body);
  EXPECT_EQ(client.exchange("GET /after HTTP/1.1\r\nHost: x\r\n\r\n").body, "GET /after?|");
  EXPECT_EQ(server.budget.used(), 0u);
}

TEST(HttpSession, ExpectContinueIsAnsweredBeforeTheBody) {
  HttpServer server(echo);
  RawClient client(server.port());
  const RawResponse interim =
      client.exchange("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(interim.status, 100);
  EXPECT_EQ(client.exchange("ok").body, "POST /e?|ok");
}

TEST(HttpSession, ConnectionCloseAndHttp10EndTheConnection) {
  HttpServer server(echo);
  RawClient client(server.port());
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").headers.at("connection"),
            "close");
  EXPECT_TRUE(client.is_closed());
  RawClient old(server.port());
  EXPECT_EQ(old.exchange("GET / HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.is_closed());
}

TEST(HttpSession, HeadIsAnsweredWithoutContentAndTheConnectionStaysInStep) {
  HttpServer server(echo);
  RawClient client(server.port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const RawResponse head = client.receive_raw(0);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.headers.at("content-length"), "0");
  const RawResponse get = client.receive();
  EXPECT_EQ(get.status, 200);
  EXPECT_EQ(std::to_string(get.body.size() + 1), head.headers.at("content-length")) << "the method is echoed";
}

struct BadHead {
  const char* name;
  std::string bytes;
  int status;
};

TEST(HttpSession, SmugglingFormsAreRefusedAndTheConnectionCloses) {
  const std::string get = "GET / HTTP/1.1\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string tail = "\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
  const BadHead bad[] = {
      {"length and encoding", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + tail, 400},
      {"encoding and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" + tail, 400},
      {"two lengths", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400},
      {"two equal lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"length list", post + "Content-Length: 5, 5\r\n\r\nhello", 400},
      {"length with sign", post + "Content-Length: +5\r\n\r\nhello", 400},
      {"negative length", post + "Content-Length: -1\r\n\r\nhello", 400},
      {"hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello", 400},
      {"huge length", post + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
      {"length of 2^63", post + "Content-Length: 9223372036854775808\r\n\r\n", 413},
      {"two encodings", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" + tail, 400},
      {"encoding list", post + "Transfer-Encoding: gzip, chunked\r\n" + tail, 400},
      {"encoding unknown", post + "Transfer-Encoding: xchunked\r\n" + tail, 400},
      {"encoding with tab",
       post +
           "Transfer-Encoding: \x0b"
           "chunked\r\n" +
           tail,
       400},
      {"encoding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + tail, 400},
      {"bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400},
      {"bare LF in the middle", get + "Host: x\nA: b\r\n\r\n", 400},
      {"bare CR", get + "Host: x\rA: b\r\n\r\n", 400},
      {"folded line", get + "Host: x\r\nA: b\r\n c\r\n\r\n", 400},
      {"blank before colon", get + "Host: x\r\nContent-Length : 5\r\n\r\nhello", 400},
      {"blank line first", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"header without name", get + "Host: x\r\n: b\r\n\r\n", 400},
      {"NUL in a value", get + std::string("Host: x\r\nA: b\0c\r\n\r\n", 19), 400},
      {"CR in the target", "GET /a\rb HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"blank in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"absolute target", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"no host", get + "A: b\r\n\r\n", 400},
      {"two hosts", get + "Host: x\r\nHost: x\r\n\r\n", 400},
      {"host with blank", get + "Host: x y\r\n\r\n", 400},
      {"unknown version", "GET / HTTP/3.7\r\nHost: x\r\n\r\n", 400},
      {"HTTP/2 preface with a header", "PRI * HTTP/2.0\r\nHost: x\r\n\r\nSM\r\n\r\n", 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
  };
  HttpServer server(echo);
  for (const BadHead& row : bad) {
    SCOPED_TRACE(row.name);
    RawClient client(server.port());
    const RawResponse response = client.exchange(row.bytes);
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(response.headers.count("connection"), 1u);
    client.shut_down();
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(HttpSession, BadChunksAreRefused) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  HttpServer server(echo);
  for (const std::string& chunks : {std::string("xyz\r\nhello\r\n"), std::string("5\r\nhelloX\r\n0\r\n\r\n"),
                                    std::string("-1\r\n\r\n"), "5;" + std::string(20'000, 'e')}) {
    SCOPED_TRACE(chunks.substr(0, 20));
    RawClient client(server.port());
    client.send(head + chunks);
    EXPECT_EQ(client.receive().status, 400);
  }
  RawClient big(server.port());
  big.send(head + "ffffffff\r\n");
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 17; ++i) big.send(piece);
  EXPECT_EQ(big.receive().status, 413);
}

TEST(HttpSession, LimitsOfHeadAndBodyHold) {
  HttpServer server(echo);
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(RawClient(server.port()).exchange(get + "A: " + std::string(33'000, 'a') + "\r\n\r\n").status, 431);
  std::string fields;
  for (int i = 0; i < 100; ++i) fields += "H" + std::to_string(i) + ": v\r\n";
  EXPECT_EQ(RawClient(server.port()).exchange(get + fields + "\r\n").status, 431);
  EXPECT_EQ(
      RawClient(server.port()).exchange("GET /" + std::string(8'200, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").status,
      414);
  EXPECT_EQ(
      RawClient(server.port()).exchange("GET /" + std::string(8'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").status,
      200);
  RawClient large(server.port());
  large.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n" + std::string(20'000'000, 'x'));
  EXPECT_EQ(large.receive().status, 413);
}

TEST(HttpSession, RefusedBodyIsNotKeptAndTheAnswerIsSeen) {
  HttpServer server(echo);
  RawClient client(server.port());
  client.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n");
  client.send(std::string(10'000'000, 'x'));
  const RawResponse response = client.receive();
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, "no");
  EXPECT_EQ(server.metrics.request_bytes.value(), 0u);
  RawClient small(server.port());
  EXPECT_EQ(small.exchange("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab").status, 403);
  EXPECT_EQ(small.exchange("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n").body, "GET /ok?|");
}

TEST(HttpSession, ReflectedHeadersCannotSplitTheAnswer) {
  HttpServer server(echo);
  RawClient client(server.port());
  const RawResponse split = client.exchange("GET /split HTTP/1.1\r\nHost: x\r\nX-Reflect: fine\r\n\r\n");
  EXPECT_EQ(split.headers.at("x-reflected"), "fine");
  EXPECT_EQ(split.headers.count("x-split"), 0u);
  EXPECT_EQ(split.headers.count("injected"), 0u);
}

TEST(HttpSession, ExceptionOfAHandlerIsAnInternalFailure) {
  HttpServer server(echo);
  RawClient client(server.port());
  EXPECT_EQ(client.exchange("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

http::HttpOptions quick() {
  http::HttpOptions options;
  options.header_timeout = Milliseconds(150);
  options.body_timeout = Milliseconds(300);
  options.idle_timeout = Milliseconds(60'000);
  options.sweep_interval = Milliseconds(20);
  options.memory_patience = Milliseconds(60);
  return options;
}

TEST(HttpSession, SlowHeadsAndBodiesAreCut) {
  HttpServer server(echo, quick());
  RawClient head(server.port());
  head.send("GET / HTTP/1.1\r\nHo");
  RawClient body(server.port());
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
  EXPECT_TRUE(head.is_closed());
  EXPECT_TRUE(body.is_closed());
  // Each is counted right after its socket was closed, which the client may see first.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (server.metrics.cut.value() < 2 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(server.metrics.cut.value(), 2u);
}

TEST(HttpSession, ABodyThatKeepsComingMayTakeLongerThanOnesLimit) {
  HttpServer server(echo, quick());
  const std::string piece(http::kBodyProgressBytes, 'p');
  for (const bool chunked : {false, true}) {
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\n" +
                (chunked ? std::string("Transfer-Encoding: chunked\r\n\r\n")
                         : "Content-Length: " + std::to_string(6 * piece.size()) + "\r\n\r\n"));
    for (int i = 0; i < 6; ++i) {  // 6 x 100 ms, and 300 ms is the limit
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      client.send(chunked ? "10000\r\n" + piece + "\r\n" : piece);
    }
    if (chunked) client.send("0\r\n\r\n");
    EXPECT_EQ(client.receive().status, 200);
  }
}

TEST(HttpSession, ThousandSlowConnectionsDoNotHurtOthers) {
  rlimit limit{};  // both ends of each connection live in this process; 1,024 descriptors are the usual soft limit
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  http::HttpOptions options;
  options.sweep_interval = Milliseconds(20);
  HttpServer server(echo, options);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 1000; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    slow.back()->send(i % 2 == 0 ? "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na" : "GET / HT");
  }
  RawClient good(server.port());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) ASSERT_EQ(good.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_LE(server.budget.used(), 500u * 64 * 1024);
}

TEST(HttpSession, SpentBodyMemoryPausesReadingAndTheSlowestIsEvicted) {
  http::HttpOptions options = quick();
  options.body_timeout = Milliseconds(60'000);
  HttpServer server(echo, options, 4 * 64 * 1024, 1);
  RawClient slow(server.port());
  slow.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + std::string(140'000, 's'));
  while (server.budget.used() < 3 * 64 * 1024) std::this_thread::yield();
  RawClient good(server.port());
  good.send("POST /good HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'g'));
  EXPECT_EQ(good.receive().status, 200);
  EXPECT_TRUE(slow.is_closed());
  EXPECT_EQ(server.metrics.evicted.value(), 1u);
  EXPECT_EQ(good.exchange("GET /after HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);  // the memory was returned before
  EXPECT_EQ(server.budget.used(), 0u);
}

TEST(HttpSession, ConnectionsOverTheLimitAreClosed) {
  http::HttpOptions options;
  options.connections_max = 3;
  HttpServer server(echo, options);
  std::vector<std::unique_ptr<RawClient>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<RawClient>(server.port()));
    EXPECT_EQ(held.back()->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  }
  RawClient over(server.port());
  EXPECT_TRUE(over.is_closed());
  EXPECT_EQ(held[0]->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

/// Holds every request until it is let go.
class HeldHandler final : public http::RequestHandler {
 public:
  HeldHandler(http::EventLoop& loop, std::atomic<int>& inside, std::atomic<bool>& go)
      : loop_(loop), inside_(inside), go_(go) {}
  std::optional<http::Response> admit(http::Request&) override { return std::nullopt; }
  Task<http::Response> handle(http::Request&) override {
    ++inside_;
    while (!go_) {
      boost::asio::steady_timer timer(loop_.context(), Milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return http::text_response(200, "text/plain", "done");
  }

 private:
  http::EventLoop& loop_;
  std::atomic<int>& inside_;
  std::atomic<bool>& go_;
};

TEST(HttpSession, DrainClosesIdleConnectionsAndLetsBusyOnesFinish) {
  std::atomic<int> inside{0};
  std::atomic<bool> go{false};
  HttpServer server([&](http::EventLoop& loop) { return std::make_unique<HeldHandler>(loop, inside, go); });
  RawClient idle(server.port());
  RawClient busy(server.port());
  busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (inside == 0) std::this_thread::yield();
  server.drain();
  EXPECT_TRUE(idle.is_closed());
  go = true;
  const RawResponse last = busy.receive();
  EXPECT_EQ(last.body, "done");
  EXPECT_EQ(last.headers.at("connection"), "close");
  EXPECT_TRUE(busy.is_closed());
}

}  // namespace
}  // namespace forebay::gateway::test
