// Whole commands against a scripted gateway: what goes over the wire, what is printed, which exit code.
#include <gtest/gtest.h>

#include "fakes.h"

namespace forebay::cli {
namespace {

using testing::Bench;

constexpr const char* kActive =
    R"({"StreamDescriptionSummary":{"StreamName":"web","StreamARN":"arn:x","StreamStatus":"ACTIVE",)"
    R"("StreamModeDetails":{"StreamMode":"PROVISIONED"},"RetentionPeriodHours":24,)"
    R"("StreamCreationTimestamp":1763722000.5,"OpenShardCount":2}})";
constexpr const char* kCreating =
    R"({"StreamDescriptionSummary":{"StreamName":"web","StreamStatus":"CREATING","RetentionPeriodHours":24,)"
    R"("OpenShardCount":0}})";
constexpr const char* kTwoShards =
    R"({"Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"},)"
    R"("SequenceNumberRange":{"StartingSequenceNumber":"1"}},{"ShardId":"shardId-000000000001",)"
    R"("HashKeyRange":{"StartingHashKey":"10","EndingHashKey":"20"},)"
    R"("SequenceNumberRange":{"StartingSequenceNumber":"1"}}]})";
constexpr const char* kOneShard =
    R"({"Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"},)"
    R"("SequenceNumberRange":{"StartingSequenceNumber":"1"}}]})";

TEST(StreamCreate, WaitsUntilActiveAndRaisesRetention) {
  Bench bench;
  bench.http.answer(200, "");
  bench.http.answer(200, kCreating);
  bench.http.answer(200, kActive);
  bench.http.answer(200, "");
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"stream", "create", "web", "--shards", "2", "--retention", "48"}), 0) << bench.console.errors;
  ASSERT_EQ(bench.http.requests.size(), 5u);
  EXPECT_EQ(bench.http.requests[0].operation, "CreateStream");
  EXPECT_EQ(bench.http.requests[0].body, nlohmann::json::parse(R"({"StreamName":"web","ShardCount":2})"));
  EXPECT_TRUE(bench.http.requests[0].headers.contains("authorization"));
  EXPECT_EQ(bench.http.requests[3].operation, "IncreaseStreamRetentionPeriod");
  EXPECT_EQ(bench.http.requests[3].body["RetentionPeriodHours"], 48);
  EXPECT_NE(bench.console.output.find("stream web is ACTIVE: 2 shards"), std::string::npos);
}

TEST(StreamCreate, ReportsAnExistingStreamAsExitCode73) {
  Bench bench;
  bench.http.answer(
      400, R"({"__type":"ResourceInUseException","message":"Stream web under account 000000000000 already exists."})");
  EXPECT_EQ(bench.run({"stream", "create", "web"}), 73);
  EXPECT_NE(bench.console.errors.find("already exists"), std::string::npos);
}

TEST(StreamList, PagesAndPrintsATable) {
  Bench bench;
  bench.http.answer(200, R"({"StreamNames":["a"],"HasMoreStreams":true})");
  bench.http.answer(200, R"({"StreamNames":["web"],"HasMoreStreams":false})");
  bench.http.answer(400, R"({"__type":"ResourceNotFoundException","message":"gone"})");
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"stream", "list"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[1].body["ExclusiveStartStreamName"], "a");
  EXPECT_NE(bench.console.output.find("web   ACTIVE       2           24  2025-11-21T10:46:40.500Z"), std::string::npos)
      << bench.console.output;
}

TEST(StreamDescribe, PrintsJsonWithShards) {
  Bench bench;
  bench.http.answer(200, kActive);
  bench.http.answer(200, kTwoShards);
  EXPECT_EQ(bench.run({"stream", "describe", "web", "--json"}), 0);
  const auto document = nlohmann::json::parse(bench.console.output);
  EXPECT_EQ(document["open_shards"], 2);
  EXPECT_EQ(document["shards"][1]["id"], "shardId-000000000001");
}

TEST(StreamDelete, NeedsTheNameTypedOrYes) {
  Bench bench;
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"stream", "delete", "web"}), 64);
  EXPECT_NE(bench.console.errors.find("--yes"), std::string::npos);

  Bench typed;
  typed.console.terminal = true;
  typed.console.input = "wbe\n";
  typed.http.answer(200, kActive);
  EXPECT_EQ(typed.run({"stream", "delete", "web"}), 64);
  EXPECT_EQ(typed.http.requests.size(), 1u) << "nothing may be deleted";

  Bench sure;
  sure.http.answer(200, kActive);
  sure.http.answer(200, "");
  EXPECT_EQ(sure.run({"stream", "delete", "web", "--yes"}), 0);
  EXPECT_EQ(sure.http.requests[1].operation, "DeleteStream");
}

TEST(Put, SendsOneRecordAndPrintsItsPlace) {
  Bench bench;
  bench.http.answer(200,
                    R"({"FailedRecordCount":0,"Records":[{"ShardId":"shardId-000000000000","SequenceNumber":"495"}]})");
  EXPECT_EQ(bench.run({"put", "web", "hello", "--key", "k"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[0].body["Records"][0]["Data"], "aGVsbG8=");
  EXPECT_EQ(bench.http.requests[0].body["Records"][0]["PartitionKey"], "k");
  EXPECT_EQ(bench.console.output, "stored in shardId-000000000000 as 495\n");
}

TEST(Put, SendsLinesAndOnlyTheRefusedOnesAgain) {
  Bench bench;
  bench.console.input = "one\ntwo\nlast without newline";
  bench.http.answer(200, R"({"FailedRecordCount":1,"Records":[{"ShardId":"s","SequenceNumber":"1"},)"
                         R"({"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"slow"}]})");
  bench.http.answer(200, R"({"FailedRecordCount":0,"Records":[{"ShardId":"s","SequenceNumber":"2"}]})");
  bench.http.answer(200, R"({"FailedRecordCount":0,"Records":[{"ShardId":"s","SequenceNumber":"3"}]})");
  EXPECT_EQ(bench.run({"put", "web"}), 0) << bench.console.errors;
  ASSERT_EQ(bench.http.requests.size(), 3u);
  EXPECT_EQ(bench.http.requests[0].body["Records"].size(), 2u);
  EXPECT_EQ(bench.http.requests[1].body["Records"].size(), 1u);
  EXPECT_EQ(bench.http.requests[1].body["Records"][0]["Data"], "dHdv");
  EXPECT_NE(bench.console.errors.find("3 records stored"), std::string::npos);
}

TEST(Put, NeverRepeatsACallWhoseAnswerWasLost) {
  Bench bench;
  bench.http.fail(Errc::unavailable);
  EXPECT_EQ(bench.run({"put", "web", "x"}), 69);
  EXPECT_EQ(bench.http.requests.size(), 1u);
  EXPECT_NE(bench.console.errors.find("FOREBAY_ENDPOINT"), std::string::npos);
}

TEST(Put, TakesAnErrorWithoutANameForALostAnswer) {
  Bench bench;
  bench.http.answer(504, "<html>gateway timeout</html>");  // of something between, when the records may be stored
  EXPECT_EQ(bench.run({"put", "web", "x"}), 69);
  EXPECT_EQ(bench.http.requests.size(), 1u);
}

TEST(Put, RefusesARecordOverOneMebibyteBeforeSending) {
  Bench bench;
  EXPECT_EQ(bench.run({"put", "web", std::string(1 << 20, 'x')}), 74);
  EXPECT_TRUE(bench.http.requests.empty());
  EXPECT_NE(bench.console.errors.find("1,048,576"), std::string::npos);
}

std::string page(const std::string& records, const char* next, int behind, const char* extra = "") {
  std::string out = R"({"Records":[)" + records + R"(],"MillisBehindLatest":)" + std::to_string(behind);
  if (next[0] != 0) out += R"(,"NextShardIterator":")" + std::string(next) + "\"";
  return out + extra + "}";
}

std::string record(const char* sequence, const char* base64, double time = 1763722000.0) {
  return R"({"SequenceNumber":")" + std::string(sequence) + R"(","PartitionKey":"k","Data":")" + base64 +
         R"(","ApproximateArrivalTimestamp":)" + std::to_string(time) + "}";
}

TEST(Tail, MergesShardsByArrivalAndEndsWhenCaughtUp) {
  Bench bench;
  bench.http.answer(200, kTwoShards);
  bench.http.answer(200, R"({"ShardIterator":"a0"})");
  bench.http.answer(200, R"({"ShardIterator":"b0"})");
  bench.http.answer(200, page(record("1", "YQ==", 1763722002.0), "a1", 0));
  bench.http.answer(200, page(record("2", "Yg==", 1763722001.0), "b1", 5));
  bench.http.answer(200, page("", "b2", 0));
  EXPECT_EQ(bench.run({"tail", "web"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.console.output, "2025-11-21T10:46:41.000Z  k  b\n2025-11-21T10:46:42.000Z  k  a\n");
  EXPECT_EQ(bench.http.requests.size(), 6u);
  EXPECT_EQ(bench.http.requests[1].body["ShardIteratorType"], "TRIM_HORIZON");
}

TEST(Tail, PrintsRawAndJsonAndColour) {
  const auto answer_one = [](Bench& bench, const char* data) {
    bench.http.answer(200, kOneShard);
    bench.http.answer(200, R"({"ShardIterator":"a0"})");
    bench.http.answer(200, page(record("7", data), "a1", 0));
  };
  Bench raw;
  answer_one(raw, "Cgk=");
  EXPECT_EQ(raw.run({"tail", "web", "--raw"}), 0);
  EXPECT_EQ(raw.console.output, "\n\t\n");
  Bench json;
  answer_one(json, "/w==");
  EXPECT_EQ(json.run({"tail", "web", "--json"}), 0);
  EXPECT_EQ(nlohmann::json::parse(json.console.output)["data_base64"], "/w==");
  Bench colour;
  colour.console.terminal = true;
  answer_one(colour, "Gw==");
  EXPECT_EQ(colour.run({"tail", "web"}), 0);
  EXPECT_NE(colour.console.output.find("\x1b[36mk"), std::string::npos);
  EXPECT_NE(colour.console.output.find("\\x1b"), std::string::npos) << "payload bytes must not reach the terminal raw";
}

TEST(Tail, TakesANewIteratorAfterTheLastRecordWhenItExpired) {
  Bench bench;
  bench.http.answer(200, kOneShard);
  bench.http.answer(200, R"({"ShardIterator":"a0"})");
  bench.http.answer(200, page(record("77", "YQ=="), "a1", 10));
  bench.http.answer(400, R"({"__type":"ExpiredIteratorException","message":"Iterator expired."})");
  bench.http.answer(200, R"({"ShardIterator":"a2"})");
  bench.http.answer(200, page(record("78", "Yg=="), "a3", 0));
  EXPECT_EQ(bench.run({"tail", "web", "--raw"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[4].body["ShardIteratorType"], "AFTER_SEQUENCE_NUMBER");
  EXPECT_EQ(bench.http.requests[4].body["StartingSequenceNumber"], "77");
  EXPECT_EQ(bench.console.output, "a\nb\n");
}

TEST(Tail, AnIteratorOfLatestThatExpiredGoesOnWhereItStood) {
  Bench bench;
  bench.http.answer(200, kOneShard);
  bench.http.answer(200, R"({"ShardIterator":"a0"})");
  bench.http.answer(200, page("", "a1", 0));
  bench.http.answer(400, R"({"__type":"ExpiredIteratorException","message":"Iterator expired."})");
  bench.http.answer(200, R"({"ShardIterator":"a2"})");
  bench.http.answer(200, page(record("78", "Yg=="), "a3", 0));
  bench.http.answer(200, page("", "a4", 0));
  bench.console.stop_after_pauses = 2;
  EXPECT_EQ(bench.run({"tail", "web", "--follow", "--raw"}), 0) << bench.console.errors;
  ASSERT_GE(bench.http.requests.size(), 5u);
  EXPECT_EQ(bench.http.requests[1].body["ShardIteratorType"], "LATEST");
  EXPECT_EQ(bench.http.requests[4].body["ShardIteratorType"], "AT_TIMESTAMP");
  EXPECT_EQ(bench.console.output, "b\n");
}

TEST(Tail, FollowsTheChildrenOfAClosedShardAndCountsOnCtrlC) {
  Bench bench;
  bench.http.answer(200, kOneShard);
  bench.http.answer(200, R"({"ShardIterator":"a0"})");
  bench.http.answer(
      200, page(record("1", "YQ=="), "", 0,
                R"(,"ChildShards":[{"ShardId":"shardId-000000000001","ParentShards":["shardId-000000000000"]}])"));
  bench.http.answer(200, R"({"ShardIterator":"c0"})");
  bench.http.answer(200, page(record("2", "Yg=="), "c1", 0));
  bench.http.answer(200, page("", "c2", 0));
  bench.console.stop_after_pauses = 1;
  EXPECT_EQ(bench.run({"tail", "web", "--follow", "--from", "start", "--raw"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[3].body["ShardId"], "shardId-000000000001");
  EXPECT_EQ(bench.http.requests[3].body["ShardIteratorType"], "TRIM_HORIZON");
  EXPECT_EQ(bench.console.output, "a\nb\n");
  EXPECT_NE(bench.console.errors.find("2 records, 2 B, 1 key, 2 shards"), std::string::npos) << bench.console.errors;
}

TEST(Tail, NamesAMissingShard) {
  Bench bench;
  bench.http.answer(200, kOneShard);
  EXPECT_EQ(bench.run({"tail", "web", "--shard", "5"}), 66);
  EXPECT_NE(bench.console.errors.find("shardId-000000000005"), std::string::npos);
}

TEST(Tail, SaysThatAShardIsClosed) {
  Bench bench;
  bench.http.answer(200, R"({"Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0",)"
                         R"("EndingHashKey":"1"},"SequenceNumberRange":{"StartingSequenceNumber":"1",)"
                         R"("EndingSequenceNumber":"2"}}]})");
  EXPECT_EQ(bench.run({"tail", "web", "--shard", "0", "--follow"}), 64);
  EXPECT_NE(bench.console.errors.find("is closed"), std::string::npos) << bench.console.errors;
}

TEST(Env, PrintsQuotedExportsFromADataDirectory) {
  Bench bench;
  bench.environment.clear();
  bench.files.files["d/admin.key"] = "access_key_id = \"AK\"\nsecret_access_key = \"a'b\"\n";
  EXPECT_EQ(bench.run({"env", "--data", "d", "--endpoint", "http://h:1"}), 0) << bench.console.errors;
  EXPECT_NE(bench.console.output.find("export AWS_ENDPOINT_URL='http://h:1'\n"), std::string::npos);
  EXPECT_NE(bench.console.output.find("export AWS_SECRET_ACCESS_KEY='a'\\''b'\n"), std::string::npos);
}

TEST(Env, SaysWhatToDoWithoutAKey) {
  Bench bench;
  bench.environment.clear();
  EXPECT_EQ(bench.run({"env"}), 66);
  EXPECT_NE(bench.console.errors.find("forebay env --data DIR"), std::string::npos);
}

TEST(Transport, LearnsTheGatewaysClockFromATimeRefusal) {
  Bench bench;
  bench.http.answer(400,
                    R"({"__type":"InvalidSignatureException","message":"Signature expired: a is now earlier than b"})",
                    {{"date", "Fri, 21 Nov 2025 11:46:40 GMT"}});
  bench.http.answer(200, R"({"StreamNames":[],"HasMoreStreams":false})");
  EXPECT_EQ(bench.run({"stream", "list"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[0].headers["x-amz-date"], "20251121T104640Z");
  EXPECT_EQ(bench.http.requests[1].headers["x-amz-date"], "20251121T114640Z");
}

TEST(Transport, RetriesReadsWithBackOffAndGivesUp) {
  Bench bench;
  for (int i = 0; i < 5; ++i) bench.http.fail(Errc::unavailable);
  EXPECT_EQ(bench.run({"stream", "list"}), 69);
  EXPECT_EQ(bench.http.requests.size(), 5u);
  EXPECT_EQ(bench.console.paused, Milliseconds(100 + 200 + 400 + 800));
}

TEST(Transport, ToleratesDamagedAnswers) {
  for (const char* body : {"<html>", "[]", "null", R"({"StreamDescriptionSummary":5})"}) {
    Bench bench;
    bench.http.answer(200, body);
    EXPECT_EQ(bench.run({"stream", "describe", "web"}), 65) << body;
  }
  for (const char* body : {"[]", "null", R"({"keys":5})"}) {
    Bench bench;
    bench.http.answer(200, body);
    EXPECT_EQ(bench.run({"key", "list"}), 65) << body;
  }
  Bench html;
  html.http.answer(404, "<html>nothing here</html>");
  EXPECT_EQ(html.run({"stream", "describe", "web"}), 64);
  EXPECT_NE(html.console.errors.find("is this a Forebay gateway?"), std::string::npos);
}

TEST(App, ExplainsWrongUsageAndPrintsErrorsAsJson) {
  Bench bench;
  EXPECT_EQ(bench.run({"strem"}), 64);
  EXPECT_EQ(Bench().run({"tail"}), 64);
  EXPECT_EQ(Bench().run({"stream", "create", "x", "--shards", "0"}), 64);
  Bench help;
  EXPECT_EQ(help.run({"tail", "--help"}), 0);
  EXPECT_NE(help.console.output.find("Examples:"), std::string::npos);
  Bench json;
  json.http.answer(400, R"({"__type":"ResourceNotFoundException","message":"Stream x under account 0 not found."})");
  EXPECT_EQ(json.run({"--json", "stream", "describe", "x"}), 66);
  EXPECT_EQ(nlohmann::json::parse(json.console.errors)["error"], "not_found");
}

TEST(Completion, OffersEveryCommandAndOption) {
  Bench bench;
  EXPECT_EQ(bench.run({"completion", "bash"}), 0);
  for (const char* word :
       {"\"forebay stream create\") words=\"", "--retention", "--follow", "complete -F _forebay forebay"})
    EXPECT_NE(bench.console.output.find(word), std::string::npos) << word;
  EXPECT_EQ(Bench().run({"completion", "fish"}), 64);
}

}  // namespace
}  // namespace forebay::cli
