// PutRecords: what goes out, order per key, refused entries and requests, credentials and clocks.
#include "gateway/delivery/sinks/kinesis_sink.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "base/base64.h"
#include "tests/support/manual_clock.h"
#include "tests/unit/delivery/sinks/sink_rig.h"

namespace forebay::gateway::delivery {
namespace {

using Json = nlohmann::json;

class Kinesis : public ::testing::Test {
 protected:
  Kinesis() {
    destination.url = "https://kinesis.eu-west-1.amazonaws.com";
    destination.region = "eu-west-1";
    destination.stream = "copy";
    script.answer = [this](const HttpScript::Seen& seen) { return service(seen); };
    judge = [](const std::string&) { return std::string(); };
  }
  /// Stores every record whose data the judge finds no error code for.
  HttpResponse service(const HttpScript::Seen& seen) {
    const Json request = Json::parse(seen.body);
    Json results = Json::array();
    int failed = 0;
    for (const Json& record : request["Records"]) {
      Buffer data;
      EXPECT_TRUE(from_base64(record["Data"].get<std::string>(), data));
      const std::string text(as_text(data));
      const std::string error = judge(text);
      if (error.empty()) {
        stored.emplace_back(record["PartitionKey"], text);
        results.push_back({{"SequenceNumber", std::to_string(stored.size())}, {"ShardId", "shardId-000000000000"}});
      } else {
        ++failed;
        results.push_back({{"ErrorCode", error}, {"ErrorMessage", "slow down"}});
      }
    }
    return http_answer(200, Json{{"FailedRecordCount", failed}, {"Records", results}}.dump());
  }
  static HttpResponse refusal(int status, const std::string& type, const std::string& message) {
    return http_answer(status, Json{{"__type", type}, {"message", message}}.dump(),
                       {{"date", "Fri, 02 Jan 2026 04:04:05 GMT"}});
  }
  KinesisSink& sink() {
    if (!sink_)
      sink_ = std::make_unique<KinesisSink>(
          destination, std::make_unique<ScriptedHttp>(script), [this] { return credentials; }, clock,
          [this](const wire::aws::Credentials& key) { refused_keys.push_back(key.access_key_id); });
    return *sink_;
  }
  RecordSink::Outcome deliver(std::size_t from = 0) { return sink().deliver(records.from(from), test_attempt()); }
  [[nodiscard]] std::size_t records_of(std::size_t request) const {
    return Json::parse(script.seen.at(request).body)["Records"].size();
  }

  KinesisDestination destination;
  Records records;
  HttpScript script;
  test::ManualClock clock;
  Result<wire::aws::Credentials> credentials{wire::aws::Credentials{"AKID", "secret", "token"}};
  std::vector<std::string> refused_keys;
  std::function<std::string(const std::string&)> judge;
  std::vector<std::pair<std::string, std::string>> stored;

 private:
  std::unique_ptr<KinesisSink> sink_;
};

TEST_F(Kinesis, RequestIsSignedAndHoldsKeysDataAndHashKeys) {
  records.add("a\"", "one").add("b", std::string("\x00\xff", 2));
  records.list()[1].explicit_hash_key = HashKey{0, 12};
  EXPECT_EQ(deliver().settled, 2u);
  ASSERT_EQ(script.seen.size(), 1u);
  const auto& seen = script.seen[0];
  EXPECT_EQ(seen.url, "https://kinesis.eu-west-1.amazonaws.com/");
  EXPECT_EQ(seen.header("x-amz-target"), "Kinesis_20131202.PutRecords");
  EXPECT_EQ(seen.header("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(seen.header("x-amz-security-token"), "token");
  EXPECT_TRUE(seen.header("authorization")
                  .starts_with("AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-west-1/kinesis/aws4_request"));
  EXPECT_EQ(Json::parse(seen.body), Json::parse(R"({"StreamName":"copy","Records":[{"Data":"b25l","PartitionKey":"a\""},
    {"Data":"AP8=","PartitionKey":"b","ExplicitHashKey":"12"}]})"));
}

TEST_F(Kinesis, RequestsStayWithinTheServicesLimits) {
  for (int i = 0; i < 1'100; ++i) records.add("k" + std::to_string(i), "x");
  EXPECT_EQ(deliver().settled, 1'100u);
  ASSERT_EQ(script.seen.size(), 3u);
  EXPECT_EQ(records_of(0), 500u);
  records = Records(5'000);
  for (int i = 0; i < 6; ++i) records.add("k" + std::to_string(i), std::string(2u << 20, 'x'));
  script.seen.clear();
  EXPECT_EQ(deliver().settled, 6u);
  ASSERT_EQ(script.seen.size(), 3u);
  EXPECT_EQ(records_of(0), 2u);
  records = Records(6'000);
  records.add("k", std::string(6u << 20, 'x'));
  EXPECT_EQ(deliver().settled, 1u);
}

TEST_F(Kinesis, RefusedEntriesAloneArePutAgainAndHoldBackTheirKey) {
  records.add("a", "a1").add("b", "b1").add("a", "a2").add("c", "c1").add("b", "b2").add("a", "a3");
  bool busy = true;
  judge = [&](const std::string& data) { return busy && data == "b1" ? "ProvisionedThroughputExceededException" : ""; };
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 1u);
  EXPECT_EQ(outcome.error, "stream copy: ProvisionedThroughputExceededException: slow down");
  EXPECT_TRUE(outcome.failures.empty());
  EXPECT_EQ(outcome.taken, (std::vector<std::size_t>{2, 3, 5})) << "no dead letters, should the batch be given up";
  using Stored = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(stored, (Stored{{"a", "a1"}, {"c", "c1"}, {"a", "a2"}, {"a", "a3"}}));
  busy = false;
  EXPECT_EQ(deliver(1).settled, 5u);
  EXPECT_EQ(stored, (Stored{{"a", "a1"}, {"c", "c1"}, {"a", "a2"}, {"a", "a3"}, {"b", "b1"}, {"b", "b2"}}));
}

TEST_F(Kinesis, OrderPerKeyHoldsWhateverIsRefused) {
  const std::uint64_t seed = 20'261'121;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::map<std::string, int> next;
  for (int i = 0; i < 600; ++i) {
    const std::string key = "k" + std::to_string(random() % 20);
    records.add(key, std::to_string(next[key]++));
  }
  judge = [&](const std::string&) { return random() % 4 == 0 ? "InternalFailure" : ""; };
  std::size_t settled = 0;
  for (int attempt = 0; attempt < 1'000 && settled < 600; ++attempt) settled += deliver(settled).settled;
  ASSERT_EQ(settled, 600u);
  ASSERT_EQ(stored.size(), 600u);  // each once
  std::map<std::string, int> seen;
  for (const auto& [key, data] : stored) EXPECT_EQ(data, std::to_string(seen[key]++)) << key;
}

TEST_F(Kinesis, WithoutOrderKeysShareARequest) {
  destination.order_per_key = false;
  for (int i = 0; i < 300; ++i) records.add("one", "x");
  EXPECT_EQ(deliver().settled, 300u);
  EXPECT_EQ(script.seen.size(), 1u);
}

TEST_F(Kinesis, RecordThatTheServiceRefusesIsFoundAndFailsAlone) {
  for (int i = 0; i < 20; ++i) records.add("k" + std::to_string(i), i == 13 ? "bad" : "good");
  script.answer = [this](const HttpScript::Seen& seen) {
    if (seen.body.find("YmFk") != std::string::npos)
      return refusal(400, "com.amazonaws.kinesis#ValidationException", "record too large");
    return service(seen);
  };
  const auto outcome = deliver();
  EXPECT_EQ(outcome.settled, 20u);
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].index, 13u);
  EXPECT_EQ(outcome.failures[0].code, "ValidationException");
  EXPECT_EQ(outcome.failures[0].message, "record too large");
  EXPECT_EQ(stored.size(), 19u);
}

TEST_F(Kinesis, ServiceThatCannotBeUsedIsAskedOnce) {
  for (int i = 0; i < 600; ++i) records.add("k" + std::to_string(i), "x");
  for (const char* type : {"ResourceNotFoundException", "LimitExceededException", "UnrecognizedClientException",
                           "AccessDeniedException"}) {
    script.seen.clear();
    script.answer = [type](const HttpScript::Seen&) { return refusal(400, type, "no"); };
    const auto outcome = deliver();
    EXPECT_EQ(outcome.settled, 0u);
    EXPECT_FALSE(outcome.permanent);
    EXPECT_EQ(outcome.error, std::string("stream copy: ") + type + ": no");
    EXPECT_EQ(script.seen.size(), 1u);
  }
  script.answer = [](const HttpScript::Seen&) { return http_answer(503, "<html>", {{"retry-after", "2"}}); };
  EXPECT_EQ(deliver().retry_after, Milliseconds(2'000));
  script.answer = [](const HttpScript::Seen&) { return http_answer(200, R"({"FailedRecordCount":0,"Records":[]})"); };
  EXPECT_NE(deliver().error.find("is this Kinesis"), std::string::npos);
  script.answer = [](const HttpScript::Seen&) { return http_answer(200, "{}"); };
  EXPECT_EQ(deliver().settled, 0u);
  script.answer = [](const HttpScript::Seen&) { return Error{Errc::unavailable, "connection refused"}; };
  EXPECT_EQ(deliver().error, "stream copy: unavailable: connection refused");
}

TEST_F(Kinesis, MissingCredentialsAreAnErrorAndNothingIsSent) {
  records.add("a", "1");
  credentials = Error{Errc::not_found, "no credentials: set credentials_file"};
  EXPECT_NE(deliver().error.find("credentials_file"), std::string::npos);
  EXPECT_TRUE(script.seen.empty());
  credentials = wire::aws::Credentials{"NEW", "s", ""};
  EXPECT_EQ(deliver().settled, 1u);
  EXPECT_NE(script.seen[0].header("authorization").find("Credential=NEW/"), std::string::npos);
}

TEST_F(Kinesis, KeyThatTheServiceCallsExpiredIsReplacedOnce) {
  records.add("a", "1");
  script.answer = [this](const HttpScript::Seen& seen) {
    if (seen.header("authorization").find("Credential=NEW/") != std::string::npos) return service(seen);
    if (refused_keys.empty()) credentials = wire::aws::Credentials{"NEW", "s", "t"};  // what the machine has by then
    return refusal(400, "com.amazonaws.kinesis#ExpiredTokenException", "The security token is expired");
  };
  EXPECT_EQ(deliver().settled, 1u);
  EXPECT_EQ(script.seen.size(), 2u);
  EXPECT_EQ(refused_keys, std::vector<std::string>{"AKID"});
  // Without a newer one nothing is sent again.
  script.seen.clear();
  script.answer = [](const HttpScript::Seen&) { return refusal(400, "ExpiredTokenException", "expired"); };
  records.add("a", "2");
  EXPECT_EQ(deliver(1).error, "stream copy: ExpiredTokenException: expired");
  EXPECT_EQ(script.seen.size(), 1u);
}

TEST_F(Kinesis, ClockOfTheServiceIsLearntFromItsRefusal) {
  records.add("a", "1");
  script.answer = [this](const HttpScript::Seen& seen) {
    if (seen.header("x-amz-date") < "20260102T040000Z")
      return refusal(400, "InvalidSignatureException", "Signature expired: 20260102T030405Z is now earlier than ...");
    return service(seen);
  };
  EXPECT_EQ(deliver().settled, 1u);
  EXPECT_EQ(script.seen.size(), 2u);
  EXPECT_EQ(script.seen[1].header("x-amz-date"), "20260102T040405Z");
}

}  // namespace
}  // namespace forebay::gateway::delivery
