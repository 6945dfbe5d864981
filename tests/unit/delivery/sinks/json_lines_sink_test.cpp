// Plain JSON lines: bytes of the body, what is no JSON, answers.
#include "gateway/delivery/sinks/json_lines_sink.h"

#include <gtest/gtest.h>

#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

class JsonLines : public ::testing::Test {
 protected:
  JsonLines() {
    destination.url = "http://127.0.0.1:1/lines";
    script.answer = [](const HttpScript::Seen&) { return http_answer(204); };
  }
  RecordSink::Outcome deliver() {
    JsonLinesSink sink(destination, std::make_unique<ScriptedHttp>(script), {}, 4u << 20);
    return sink.deliver(records, test_attempt());
  }
  HttpDestination destination;
  Records records;
  HttpScript script;
};

TEST_F(JsonLines, EachRecordIsOneLine) {
  records.add("a", R"({"a":1})").add("a", "{\n  \"b\": \"x\\ny\"\r\n}\n").add("b", " 7 ");
  EXPECT_EQ(deliver().settled, 3u);
  EXPECT_EQ(script.seen[0].body, "{\"a\":1}\n{   \"b\": \"x\\ny\"  }\n 7 \n");
  EXPECT_EQ(script.seen[0].header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(script.seen[0].header("Idempotency-Key").size(), 36u);
  EXPECT_EQ(script.seen[0].header("Authorization"), "(none)");
}

TEST_F(JsonLines, RecordsThatAreNoJsonFailAloneOnceTheOthersAreTaken) {
  records.add("a", "1").add("a", "no").add("a", "2").add("a", "").add("a", "{\"a\":\"x\ny\"}");
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 5u);
  ASSERT_EQ(outcome.failures.size(), 3u);
  EXPECT_EQ(outcome.failures[0].index, 1u);
  EXPECT_EQ(outcome.failures[0].code, "InvalidJson");
  EXPECT_EQ(outcome.failures[2].index, 4u);
  EXPECT_EQ(script.seen[0].body, "1\n2\n");
  script.answer = [](const HttpScript::Seen&) { return http_answer(500, "busy"); };
  const auto later = deliver();
  EXPECT_EQ(later.settled, 0u);
  EXPECT_EQ(later.failures.size(), 3u) << "should the batch be given up, these have a reason of their own";
}

TEST_F(JsonLines, NothingIsSentWhenNoRecordIsJson) {
  records.add("a", "x").add("b", "y");
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 2u);
  EXPECT_EQ(outcome.failures.size(), 2u);
  EXPECT_TRUE(script.seen.empty());
}

TEST_F(JsonLines, AccessKeyIsABearerTokenUnlessItNamesAScheme) {
  records.add("a", "1");
  destination.access_key = "abc";
  deliver();
  destination.access_key = "Splunk abc";
  deliver();
  EXPECT_EQ(script.seen[0].header("Authorization"), "Bearer abc");
  EXPECT_EQ(script.seen[1].header("Authorization"), "Splunk abc");
}

TEST_F(JsonLines, Only413IsPermanent) {
  records.add("a", "1");
  for (const int status : {301, 400, 404, 429, 503}) {
    script.answer = [status](const HttpScript::Seen&) { return http_answer(status); };
    EXPECT_FALSE(deliver().permanent) << status;
    EXPECT_EQ(deliver().settled, 0u) << status;
  }
  script.answer = [](const HttpScript::Seen&) { return http_answer(413); };
  EXPECT_TRUE(deliver().permanent);
}

}  // namespace
}  // namespace forebay::gateway::delivery
