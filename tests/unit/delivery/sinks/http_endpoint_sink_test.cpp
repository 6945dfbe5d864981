// Firehose's HTTP endpoint protocol: what goes out, and which answers count.
#include "gateway/delivery/sinks/http_endpoint_sink.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

using Json = nlohmann::json;

class HttpEndpoint : public ::testing::Test {
 protected:
  HttpEndpoint() {
    destination.url = "https://receiver.example/in?token=secret";
    records.add("a", "first").add("b", std::string("\x00\xff", 2));
    script.answer = [](const HttpScript::Seen& seen) { return accepted(seen); };
  }
  static HttpResponse accepted(const HttpScript::Seen& seen) {
    const Json body{{"requestId", seen.header("X-Amz-Firehose-Request-Id")}, {"timestamp", 1578090903599}};
    return http_answer(200, body.dump(), {{"content-type", "application/json; charset=utf-8"}});
  }
  HttpEndpointSink sink() {
    const GzipFunction gzip = [](ByteView bytes) {
      return to_buffer(as_bytes("zipped:" + std::string(as_text(bytes))));
    };
    return {destination, test_source(), std::make_unique<ScriptedHttp>(script), gzip, 4u << 20};
  }
  RecordSink::Outcome deliver_with(HttpResponse answer) {
    script.answer = [answer](const HttpScript::Seen&) { return answer; };
    auto one = sink();
    return one.deliver(records, test_attempt());
  }

  HttpDestination destination;
  Records records;
  HttpScript script;
};

TEST_F(HttpEndpoint, RequestHasEveryHeaderAndTheRecordsInOrder) {
  destination.access_key = "key with blanks";
  destination.common_attributes = {{"site", "K\xc3\xb6ln"}, {"line", "7"}};
  auto one = sink();
  const auto outcome = one.deliver(records, test_attempt());
  EXPECT_EQ(outcome.settled, 2u);
  EXPECT_TRUE(outcome.failures.empty());
  EXPECT_EQ(outcome.error, "");
  ASSERT_EQ(script.seen.size(), 1u);
  const auto& seen = script.seen[0];
  const std::string id = seen.header("X-Amz-Firehose-Request-Id");
  EXPECT_EQ(seen.url, destination.url);
  EXPECT_EQ(seen.header("X-Amz-Firehose-Protocol-Version"), "1.0");
  EXPECT_EQ(seen.header("X-Amz-Firehose-Source-Arn"),
            "arn:aws:firehose:eu-central-1:123456789012:deliverystream/to-there");
  EXPECT_EQ(seen.header("X-Amz-Firehose-Access-Key"), "key with blanks");
  EXPECT_EQ(seen.header("X-Amz-Firehose-Common-Attributes"), R"({"commonAttributes":{"site":"K\u00f6ln","line":"7"}})");
  EXPECT_EQ(seen.header("Content-Type"), "application/json");
  EXPECT_EQ(seen.header("Content-Encoding"), "(none)");
  EXPECT_EQ(seen.timeout, Milliseconds(180'000));
  EXPECT_EQ(seen.response_bytes_max, 1u << 20);
  EXPECT_EQ(seen.body, R"({"requestId":")" + id +
                           R"(","timestamp":1767323050000,"records":[{"data":"Zmlyc3Q="},{"data":"AP8="}]})");
}

TEST_F(HttpEndpoint, IdIsAGuidAndTheSameForEveryAttempt) {
  auto one = sink();
  one.deliver(records, test_attempt(1));
  one.deliver(records, test_attempt(2));
  auto other = test_attempt(1);
  other.id = "to-there/3/18";
  one.deliver(records, other);
  other.id = "9B2E0C1A-0000-4000-8000-00000000000f";
  one.deliver(records, other);
  const auto id = [&](std::size_t i) { return script.seen.at(i).header("X-Amz-Firehose-Request-Id"); };
  EXPECT_EQ(id(0), id(1));
  EXPECT_NE(id(0), id(2));
  EXPECT_EQ(id(3), "9B2E0C1A-0000-4000-8000-00000000000f");
  EXPECT_EQ(id(0).size(), 36u);
  EXPECT_EQ(id(0)[14], '3');
}

TEST_F(HttpEndpoint, GzipCompressesTheWholeBody) {
  destination.gzip = true;
  auto one = sink();
  EXPECT_EQ(one.deliver(records, test_attempt()).settled, 2u);
  EXPECT_EQ(script.seen[0].header("Content-Encoding"), "gzip");
  EXPECT_TRUE(script.seen[0].body.starts_with("zipped:{\"requestId\""));
}

TEST_F(HttpEndpoint, FullBatchFitsIntoTheProtocolsLimit) {
  const auto limits =
      HttpEndpointSink(destination, test_source(), std::make_unique<ScriptedHttp>(script), {}, SIZE_MAX).limits();
  EXPECT_EQ(limits.records_max, 10'000u);
  EXPECT_LE((limits.bytes_max + 2 * limits.records_max) / 3 * 4 + 12 * limits.records_max + 256, 64u << 20);
  EXPECT_EQ(sink().limits().bytes_max, 4u << 20);
}

TEST_F(HttpEndpoint, StatusesThatAreNot200AreRetriedAndOnly413IsPermanent) {
  for (const int status : {201, 204, 301, 307, 400, 401, 403, 404, 429, 500, 503}) {
    const auto outcome = deliver_with(http_answer(status, "no", {{"content-type", "application/json"}}));
    EXPECT_EQ(outcome.settled, 0u) << status;
    EXPECT_FALSE(outcome.permanent) << status;
    EXPECT_NE(outcome.error.find(std::to_string(status)), std::string::npos) << outcome.error;
    EXPECT_EQ(outcome.error.find("secret"), std::string::npos) << outcome.error;
  }
  const auto outcome = deliver_with(http_answer(413));
  EXPECT_EQ(outcome.settled, 0u);
  EXPECT_TRUE(outcome.permanent);
}

TEST_F(HttpEndpoint, RetryAfterIsTakenAsSecondsOrDate) {
  EXPECT_EQ(deliver_with(http_answer(503, "", {{"retry-after", "7"}})).retry_after, Milliseconds(7'000));
  EXPECT_EQ(deliver_with(http_answer(503, "", {{"retry-after", "Fri, 02 Jan 2026 03:04:20 GMT"}})).retry_after,
            Milliseconds(10'000));
  EXPECT_EQ(deliver_with(http_answer(503, "", {{"retry-after", "soon"}})).retry_after, std::nullopt);
  EXPECT_EQ(deliver_with(http_answer(503, "", {{"retry-after", "99999999"}})).retry_after, Milliseconds(3'600'000));
}

TEST_F(HttpEndpoint, MalformedAnswersOf200AreFailures) {
  auto one = sink();
  one.deliver(records, test_attempt());
  const std::string id = script.seen[0].header("X-Amz-Firehose-Request-Id");
  const std::string good = R"({"requestId":")" + id + R"(","timestamp":1})";
  const std::pair<std::string, std::string> json{"content-type", "application/json"};
  ASSERT_EQ(deliver_with(http_answer(200, good, {json})).settled, 2u);
  const auto refused = [&](HttpResponse answer, const char* why) {
    const auto outcome = deliver_with(std::move(answer));
    EXPECT_EQ(outcome.settled, 0u) << why;
    EXPECT_FALSE(outcome.permanent) << why;
    EXPECT_NE(outcome.error.find(why), std::string::npos) << outcome.error;
  };
  refused(http_answer(200, good), "Content-Type");
  refused(http_answer(200, good, {{"content-type", "text/plain"}}), "Content-Type");
  refused(http_answer(200, good, {json, {"content-encoding", "gzip"}}), "Content-Encoding");
  refused(http_answer(200, "", {json}), "JSON object");
  refused(http_answer(200, "[]", {json}), "JSON object");
  refused(http_answer(200, good.substr(1), {json}), "JSON object");
  refused(http_answer(200, R"({"timestamp":1})", {json}), "requestId");
  refused(http_answer(200, R"({"requestId":"other","timestamp":1})", {json}), "requestId");
  refused(http_answer(200, R"({"requestId":")" + id + R"("})", {json}), "timestamp");
  refused(http_answer(200, R"({"requestId":")" + id + R"(","timestamp":"now"})", {json}), "timestamp");
  HttpResponse chunked = http_answer(200, good, {json});
  chunked.headers.pop_back();
  refused(chunked, "Content-Length");
}

TEST_F(HttpEndpoint, NoAnswerIsAFailureAndCancelEndsEveryCall) {
  script.answer = [](const HttpScript::Seen&) { return Error{Errc::too_large, "answer over the limit"}; };
  auto one = sink();
  EXPECT_EQ(one.deliver(records, test_attempt()).error, "too_large: answer over the limit");
  one.cancel();
  EXPECT_EQ(one.deliver(records, test_attempt()).settled, 0u);
  EXPECT_EQ(script.seen.size(), 1u);
}

}  // namespace
}  // namespace forebay::gateway::delivery
