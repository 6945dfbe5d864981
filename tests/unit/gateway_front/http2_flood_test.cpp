// Floods of HTTP/2 frames that carry nothing: each ends its own connection, with GOAWAY (reliability check 23).
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/gateway_front/http2_client.h"
#include "tests/unit/gateway_front/http_server.h"
#include "tests/unit/gateway_front/stream_handler.h"

namespace forebay::gateway::test {
namespace {

struct FloodRig {
  StreamCounts counts;
  HttpServer server{[this](http::EventLoop& loop) { return std::make_unique<StreamHandler>(loop, counts); }};
};

/// Sends frames until the server hangs up; another client is served meanwhile. Result  frames taken before the end.
template <class SendOne>
int flood(FloodRig& rig, Http2Client& client, SendOne send_one) {
  Http2Client good(rig.server.port());
  int sent = 0;
  while (sent < 200'000 && send_one(sent)) {
    if (++sent % 1000 != 0) continue;
    EXPECT_EQ(good.exchange("GET", "/").status(), 200);
  }
  (void)client.wait_for_end();
  EXPECT_EQ(good.exchange("GET", "/").status(), 200);
  return sent;
}

TEST(Http2Flood, Pings) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  EXPECT_LT(flood(rig, client, [&](int) { return client.send_frame(6, 0, 0, "12345678"); }), 200'000);
  EXPECT_EQ(rig.server.metrics.floods.value(), 1u);
}

TEST(Http2Flood, Settings) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  EXPECT_LT(flood(rig, client, [&](int) { return client.send_frame(4, 0, 0, {}); }), 200'000);
  EXPECT_EQ(rig.server.metrics.floods.value(), 1u);
}

TEST(Http2Flood, PriorityChurn) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  const std::string_view priority("\0\0\0\0\x10", 5);
  EXPECT_LT(
      flood(rig, client, [&](int i) { return client.send_frame(2, 0, 2 * static_cast<unsigned>(i) + 1, priority); }),
      200'000);
  EXPECT_EQ(rig.server.metrics.floods.value(), 1u);
}

TEST(Http2Flood, UnknownFrames) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  EXPECT_LT(flood(rig, client, [&](int) { return client.send_frame(200, 0, 0, "x"); }), 200'000);
  EXPECT_EQ(rig.server.metrics.floods.value(), 1u);
}

TEST(Http2Flood, RapidReset) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  const std::string head("\x82\x86\x41\x01x\x44\x08/endless", 15);
  const std::string_view cancel("\0\0\0\x8", 4);
  const int sent = flood(rig, client, [&](int i) {
    const auto id = 2 * static_cast<unsigned>(i) + 1;
    return client.send_frame(1, 5, id, head) && client.send_frame(3, 0, id, cancel);
  });
  EXPECT_LT(sent, 200'000);
  EXPECT_LT(rig.server.metrics.requests.value(), 5'000u);  // those of the good clients
}

TEST(Http2Flood, EmptyDataFrames) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  const std::int32_t id = client.start("POST", "/", std::string(2'000'000, 'x'), {{"content-length", "3000000"}});
  EXPECT_LT(flood(rig, client, [&](int) { return client.send_frame(0, 0, static_cast<unsigned>(id), {}); }), 200'000);
  EXPECT_EQ(rig.server.metrics.floods.value(), 1u);
}

TEST(Http2Flood, Continuations) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  // ":method: GET", then "x: " with new bytes in each CONTINUATION.
  ASSERT_TRUE(client.send_frame(1, 0, 1, "\x82"));
  const std::string field = std::string("\x00\x01x\x7f\x81\x06", 6) + std::string(1024, 'v');
  EXPECT_LT(flood(rig, client, [&](int) { return client.send_frame(9, 0, 1, field); }), 200'000);
}

TEST(Http2Flood, HeaderBombIsRefusedWithoutHoldingIt) {
  FloodRig rig;
  Http2Client client(rig.server.port());
  ASSERT_TRUE(client.ping());
  // One field of 4,000 bytes into the compression table, then a byte for each of 15,000 copies of it.
  std::string block("\x82\x86\x84\x41\x01x", 6);
  block += std::string("\x40\x01y\x7f\xa1\x1e", 6) + std::string(4'000, 'b');
  block += std::string(15'000 - block.size(), '\xbe');
  ASSERT_TRUE(client.send_frame(1, 5, 1, block));
  Http2Client good(rig.server.port());
  EXPECT_EQ(good.exchange("GET", "/").status(), 200);
  EXPECT_EQ(rig.server.budget.used(), 0u);
}

}  // namespace
}  // namespace forebay::gateway::test
