// Streamed answers over HTTP/1.1: chunks, flow, and every way in which they end.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/gateway_front/http_server.h"
#include "tests/unit/gateway_front/raw_client.h"
#include "tests/unit/gateway_front/stream_handler.h"

namespace forebay::gateway::test {
namespace {

/// A server of streams; a member of each test, so that the counts outlive it.
struct StreamRig {
  StreamCounts counts;
  HttpServer server{[this](http::EventLoop& loop) { return std::make_unique<StreamHandler>(loop, counts); }};
};

TEST(HttpStream, IsSentInChunksAndTheConnectionGoesOn) {
  StreamRig rig;
  RawClient client(rig.server.port());
  client.send("GET /three HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string wanted = "4\r\n0000\r\n4\r\n1111\r\n4\r\n2222\r\n0\r\n\r\n";
  const RawResponse response = client.receive_raw(wanted.size());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("transfer-encoding"), "chunked");
  EXPECT_FALSE(response.headers.contains("content-length"));
  EXPECT_EQ(response.body, wanted);
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").body, "plain");
  EXPECT_EQ(rig.counts.destroyed, 1);
  EXPECT_EQ(rig.counts.cancelled, 0);
}

TEST(HttpStream, OldClientGetsItWithoutChunksAndTheEndOfTheConnection) {
  StreamRig rig;
  RawClient client(rig.server.port());
  client.send("GET /three HTTP/1.0\r\n\r\n");
  const RawResponse response = client.receive_raw(12);
  EXPECT_FALSE(response.headers.contains("transfer-encoding"));
  EXPECT_EQ(response.body, "000011112222");
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpStream, ClientThatClosesWhileTheNextPieceIsAwaitedIsNoticed) {
  StreamRig rig;
  {
    RawClient client(rig.server.port());
    client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.receive_raw(9).body, "4\r\n0000\r\n");
    ASSERT_TRUE(StreamCounts::reaches(rig.counts.asked, 2));
  }
  EXPECT_TRUE(StreamCounts::reaches(rig.counts.cancelled, 1));
  EXPECT_TRUE(StreamCounts::reaches(rig.counts.destroyed, 1));
}

TEST(HttpStream, DrainEndsItCleanly) {
  StreamRig rig;
  RawClient client(rig.server.port());
  client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive_raw(9).body, "4\r\n0000\r\n");
  ASSERT_TRUE(StreamCounts::reaches(rig.counts.asked, 2));
  rig.server.drain();
  EXPECT_EQ(client.take(5), "0\r\n\r\n");
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(rig.counts.cancelled, 1);
}

TEST(HttpStream, ReaderThatStopsReadingHoldsOnePieceOnly) {
  StreamRig rig;
  RawClient client(rig.server.port());
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(StreamCounts::reaches(rig.counts.asked, 2));
  const std::size_t whole = 1000 * (std::size_t{64 * 1024} + 9) + 5;
  std::size_t read = client.receive_raw(1).body.size();
  while (read < whole) {
    // Beyond what was read there is one piece and what the kernel's buffers hold.
    constexpr std::size_t kKernelBytesMax = 24u << 20;
    ASSERT_LT(static_cast<std::size_t>(rig.counts.asked) * 64 * 1024, read + kKernelBytesMax);
    const std::size_t count = client.take(std::min<std::size_t>(whole - read, 1u << 20)).size();
    ASSERT_GT(count, 0u);
    read += count;
  }
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").body, "plain");
}

}  // namespace
}  // namespace forebay::gateway::test
