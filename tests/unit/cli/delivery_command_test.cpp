// forebay delivery against a scripted gateway: what goes over the wire, what is printed, which exit code.
#include <gtest/gtest.h>

#include "fakes.h"

namespace forebay::cli {
namespace {

using testing::Bench;
using Json = nlohmann::json;

constexpr const char* kStream =
    R"({"StreamDescriptionSummary":{"StreamName":"web","StreamARN":"arn:aws:kinesis:eu-west-1:111122223333:stream/web","StreamStatus":"ACTIVE","RetentionPeriodHours":24,"OpenShardCount":1}})";
constexpr const char* kCreated = R"({"DeliveryStreamARN":"arn:aws:firehose:x:y:deliverystream/lake"})";
constexpr const char* kActive =
    R"({"DeliveryStreamDescription":{"DeliveryStreamName":"lake","DeliveryStreamARN":"arn:d","DeliveryStreamStatus":"ACTIVE","DeliveryStreamType":"KinesisStreamAsSource","VersionId":"1","CreateTimestamp":1763722000.5,"Source":{"KinesisStreamSourceDescription":{"KinesisStreamARN":"arn:aws:kinesis:r:a:stream/web"}},"Destinations":[{"DestinationId":"d","ExtendedS3DestinationDescription":{"BucketARN":"arn:aws:s3:::b","Prefix":"p/","BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":60}}}]}})";

std::string status(std::uint64_t behind, std::uint64_t delivered, const char* error = "") {
  return R"({"name":"lake","account":"0","paused":false,"status":{"records_behind":)" + std::to_string(behind) +
         R"(,"lag_ms":2400,"delivered_records":)" + std::to_string(delivered) +
         R"(,"delivered_bytes":2048,"dead_letters":0,"open_partitions":0,"last_object":"2025/k","last_success_ms":1763721999000,"last_error":")" +
         error + R"(","last_error_ms":)" + (error[0] != 0 ? "1763721999500" : "null") + "}}";
}

std::string replays(std::uint64_t done, bool finished, const char* error = "") {
  return R"({"replays":[{"id":"r0","records_done":1,"records_total":1,"finished":true,"last_error":""},{"id":"r1","records_done":)" +
         std::to_string(done) + R"(,"records_total":100,"finished":)" + (finished ? "true" : "false") +
         R"(,"last_error":")" + error + "\"}]}";
}

TEST(DeliveryCreate, SendsWhatAStockClientWouldAndWaitsUntilActive) {
  Bench bench;
  bench.http.answer(200, kStream);
  bench.http.answer(200, kCreated);
  bench.http.answer(200, R"({"DeliveryStreamDescription":{"DeliveryStreamStatus":"CREATING"}})");
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"delivery", "create", "lake", "--from", "web", "--bucket", "b", "--prefix", "p/",
                       "--compression", "gzip", "--newline", "--tag", "team=edge"}),
            0)
      << bench.console.errors;
  ASSERT_EQ(bench.http.requests.size(), 4u);
  EXPECT_EQ(bench.http.requests[1].headers["x-amz-target"], "Firehose_20150804.CreateDeliveryStream");
  EXPECT_NE(bench.http.requests[1].headers["authorization"].find("/firehose/aws4_request"), std::string::npos);
  EXPECT_EQ(bench.http.requests[1].body, Json::parse(R"({
    "DeliveryStreamName": "lake", "DeliveryStreamType": "KinesisStreamAsSource",
    "KinesisStreamSourceConfiguration": {
      "KinesisStreamARN": "arn:aws:kinesis:eu-west-1:111122223333:stream/web",
      "RoleARN": "arn:aws:iam::111122223333:role/forebay-delivery"},
    "ExtendedS3DestinationConfiguration": {
      "RoleARN": "arn:aws:iam::111122223333:role/forebay-delivery", "BucketARN": "arn:aws:s3:::b", "Prefix": "p/",
      "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 60}, "CompressionFormat": "GZIP",
      "ProcessingConfiguration": {"Enabled": true, "Processors": [
        {"Type": "AppendDelimiterToRecord", "Parameters": [{"ParameterName": "Delimiter", "ParameterValue": "\\n"}]}]}},
    "Tags": [{"Key": "team", "Value": "edge"}]})"));
  EXPECT_EQ(bench.console.output,
            "delivery stream lake is ACTIVE: stream web to s3://b/p/, cut at 5 MiB or after 60 s\n");
}

TEST(DeliveryCreate, PartitioningBringsItsLeastBufferAndAnErrorPrefix) {
  Bench bench;
  bench.http.answer(200, kCreated);
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"delivery", "create", "lake", "--bucket", "b", "--partition-by", "{c: .customer}", "--prefix",
                       "c=!{partitionKeyFromQuery:c}/"}),
            0)
      << bench.console.errors;
  const Json& request = bench.http.requests[0].body;
  EXPECT_EQ(request["DeliveryStreamType"], "DirectPut");
  const Json& s3 = request["ExtendedS3DestinationConfiguration"];
  EXPECT_EQ(s3["BufferingHints"]["SizeInMBs"], 64);
  EXPECT_EQ(s3["DynamicPartitioningConfiguration"]["Enabled"], true);
  EXPECT_EQ(s3["ErrorOutputPrefix"], "errors/!{firehose:error-output-type}/");
  EXPECT_EQ(s3["ProcessingConfiguration"]["Processors"][0]["Type"], "MetadataExtraction");
}

TEST(DeliveryCreate, SendsAnEndpointWithItsKeyFromAFile) {
  Bench bench;
  bench.files.files["key"] = "sesame\n";
  bench.http.answer(200, kCreated);
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"delivery", "create", "lake", "--bucket", "b", "--url", "https://h/in", "--access-key-file",
                       "key", "--attribute", "site=west", "--gzip-requests", "--retry", "60"}),
            0)
      << bench.console.errors;
  const Json& http = bench.http.requests[0].body["HttpEndpointDestinationConfiguration"];
  EXPECT_EQ(http["EndpointConfiguration"],
            Json::parse(R"({"Url": "https://h/in", "Name": "lake", "AccessKey": "sesame"})"));
  EXPECT_EQ(http["RequestConfiguration"], Json::parse(R"({"ContentEncoding": "GZIP", "CommonAttributes": [
    {"AttributeName": "site", "AttributeValue": "west"}]})"));
  EXPECT_EQ(http["RetryOptions"]["DurationInSeconds"], 60);
  EXPECT_EQ(http["S3Configuration"]["BucketARN"], "arn:aws:s3:::b");
}

TEST(DeliveryCreate, RefusesFlagsThatDoNotGoTogetherBeforeAnyCall) {
  for (const std::vector<std::string>& rest :
       std::vector<std::vector<std::string>>{{},
                                             {"--bucket", "b", "--access-key-file", "f"},
                                             {"--bucket", "b", "--compression", "lzma"},
                                             {"--bucket", "b", "--buffer-size", "129"},
                                             {"--bucket", "b", "--tag", "=x"},
                                             {"--bucket", "b", "--url", "https://h", "--time-zone", "UTC"}}) {
    Bench bench;
    std::vector<std::string> arguments{"delivery", "create", "lake"};
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    EXPECT_EQ(bench.run(arguments), 64);
    EXPECT_TRUE(bench.http.requests.empty());
  }
}

TEST(DeliveryList, PagesAndPrintsATableOrTheDocuments) {
  const std::string first = R"({"deliveries":[)" + status(3, 10) + R"(],"more":true})";
  const std::string second =
      R"({"deliveries":[{"name":"west","paused":true,"status":{"last_error":"no\u001broute"}}],"more":false})";
  Bench bench;
  bench.http.answer(200, first);
  bench.http.answer(200, second);
  EXPECT_EQ(bench.run({"delivery", "list", "--account", "111122223333"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[0].url, "http://127.0.0.1:4567/delivery/v1/list");
  EXPECT_EQ(bench.http.requests[0].body, Json::parse(R"({"account":"111122223333"})"));
  EXPECT_EQ(bench.http.requests[1].body["after"], "lake");
  EXPECT_NE(bench.console.output.find("lake  running       3  2.4 s"), std::string::npos) << bench.console.output;
  EXPECT_NE(bench.console.output.find("1.0 s ago"), std::string::npos) << bench.console.output;
  EXPECT_NE(bench.console.output.find("no\\x1broute"), std::string::npos) << bench.console.output;
  Bench json;
  json.http.answer(200, second);
  EXPECT_EQ(json.run({"delivery", "list", "--json"}), 0);
  EXPECT_EQ(Json::parse(json.console.output)[0]["name"], "west");
}

TEST(DeliveryStatus, SaysHowFarItIs) {
  Bench bench;
  bench.http.answer(200, status(1234, 5, "store is down"));
  EXPECT_EQ(bench.run({"delivery", "status", "lake"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.console.output,
            "lake is running\n"
            "  behind        1,234 records, the oldest 2.4 s old\n"
            "  delivered     5 records, 2.0 KiB since the gateway began\n"
            "  last object   2025/k, 1.0 s ago\n"
            "  dead letters  0\n"
            "  last error    store is down, 500 ms ago\n");
}

TEST(DeliveryStatus, FollowsUntilCtrlC) {
  Bench bench;
  bench.http.answer(200, status(10, 5));
  bench.http.answer(200, status(0, 15));
  bench.console.stop_after_pauses = 2;
  EXPECT_EQ(bench.run({"delivery", "status", "lake", "--follow"}), 0) << bench.console.errors;
  EXPECT_NE(bench.console.output.find("behind 10 (2.4 s)  delivered 5 (+0)  last 2025/k\n"), std::string::npos)
      << bench.console.output;
  EXPECT_NE(bench.console.output.find("delivered 15 (+10)"), std::string::npos);
}

TEST(DeliveryPause, SaysWhatHappensToRecords) {
  Bench bench;
  bench.http.answer(200, R"({"name":"lake","paused":true})");
  EXPECT_EQ(bench.run({"delivery", "pause", "lake"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.http.requests[0].url, "http://127.0.0.1:4567/delivery/v1/pause");
  EXPECT_NE(bench.console.output.find("paused"), std::string::npos);
  Bench missing;
  missing.http.answer(400, R"({"__type":"ResourceNotFoundException","message":"there is no delivery stream lake"})");
  EXPECT_EQ(missing.run({"delivery", "resume", "lake"}), 66);
}

TEST(DeliveryDelete, NeedsTheNameTypedOrYes) {
  Bench bench;
  bench.http.answer(200, kActive);
  EXPECT_EQ(bench.run({"delivery", "delete", "lake"}), 64);
  EXPECT_EQ(bench.http.requests.size(), 1u) << "nothing may be deleted";
  Bench sure;
  sure.http.answer(200, kActive);
  sure.http.answer(200, "{}");
  EXPECT_EQ(sure.run({"delivery", "delete", "lake", "--yes"}), 0) << sure.console.errors;
  EXPECT_EQ(sure.http.requests[1].operation, "DeleteDeliveryStream");
}

TEST(DeliveryReplay, SendsTheRangeAndWaitsForItsEnd) {
  Bench bench;
  bench.http.answer(200, R"({"id":"r1"})");
  bench.http.answer(200, replays(40, false));
  bench.http.answer(200, replays(100, true));
  EXPECT_EQ(bench.run({"delivery", "replay", "lake", "--from", "2h", "--to", "1h", "--rate", "50MB/s"}), 0)
      << bench.console.errors;
  EXPECT_EQ(
      bench.http.requests[0].body,
      Json::parse(R"({"name":"lake","from_ms":1763714800000,"to_ms":1763718400000,"bytes_per_second":50000000})"));
  EXPECT_NE(bench.console.output.find("replay r1 of lake is done: 100 records"), std::string::npos);
}

TEST(DeliveryReplay, GoesOnInTheGatewayAfterCtrlC) {
  Bench bench;
  bench.http.answer(200, R"({"id":"r1"})");
  bench.http.answer(200, replays(40, false));
  bench.console.stop_after_pauses = 1;
  EXPECT_EQ(bench.run({"delivery", "replay", "lake", "--from", "start"}), 130);
  EXPECT_TRUE(bench.closing_http.requests.empty());
  EXPECT_NE(bench.console.errors.find("--watch r1"), std::string::npos) << bench.console.errors;
}

TEST(DeliveryReplay, IsCancelledByCtrlCWhenAskedTo) {
  Bench bench;
  bench.http.answer(200, R"({"id":"r1"})");
  bench.http.answer(200, replays(40, false));
  bench.closing_http.answer(200, "{}");
  bench.console.stop_after_pauses = 1;
  EXPECT_EQ(bench.run({"delivery", "replay", "lake", "--from", "start", "--cancel"}), 130);
  ASSERT_EQ(bench.closing_http.requests.size(), 1u);
  EXPECT_EQ(bench.closing_http.requests[0].url, "http://127.0.0.1:4567/delivery/v1/cancel-replay");
  EXPECT_EQ(bench.closing_http.requests[0].body["id"], "r1");
}

TEST(DeliveryReplay, WaitsForAGatewayThatIsRestarted) {
  Bench bench;
  for (int i = 0; i < 5; ++i) bench.http.fail(Errc::unavailable);
  bench.http.answer(200, replays(100, true));
  EXPECT_EQ(bench.run({"delivery", "replay", "lake", "--watch", "r1"}), 0) << bench.console.errors;
  EXPECT_NE(bench.console.errors.find("no answer from the gateway"), std::string::npos);
}

TEST(DeliveryReplay, EndsWithTheErrorOfTheReplay) {
  Bench bench;
  bench.http.answer(200, replays(7, true, "bucket is gone"));
  EXPECT_EQ(bench.run({"delivery", "replay", "lake", "--watch", "r1"}), 74);
  EXPECT_NE(bench.console.errors.find("bucket is gone"), std::string::npos);
  Bench none;
  none.http.answer(200, replays(7, true));
  EXPECT_EQ(none.run({"delivery", "replay", "lake", "--watch", "r9"}), 66);
}

TEST(DeliveryReplay, RefusesRangesThatCannotBe) {
  for (const std::vector<std::string>& rest : std::vector<std::vector<std::string>>{{},
                                                                                    {"--from", "latest"},
                                                                                    {"--from", "1h", "--to", "2h"},
                                                                                    {"--from", "1h", "--to", "start"},
                                                                                    {"--from", "1h", "--rate", "fast"},
                                                                                    {"--from", "1h", "--rate", "0"},
                                                                                    {"--from", "yesterday"}}) {
    Bench bench;
    std::vector<std::string> arguments{"delivery", "replay", "lake"};
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    EXPECT_EQ(bench.run(arguments), 64);
    EXPECT_TRUE(bench.http.requests.empty());
  }
}

TEST(DeliveryReplay, ListsAndStops) {
  Bench bench;
  bench.http.answer(200, replays(40, false));
  EXPECT_EQ(bench.run({"delivery", "replay", "lake", "--list"}), 0) << bench.console.errors;
  EXPECT_NE(bench.console.output.find("r1      running       40  100"), std::string::npos) << bench.console.output;
  Bench stop;
  stop.http.answer(200, "{}");
  EXPECT_EQ(stop.run({"delivery", "replay", "lake", "--stop", "r1"}), 0) << stop.console.errors;
  EXPECT_EQ(stop.http.requests[0].body, Json::parse(R"({"name":"lake","id":"r1"})"));
}

}  // namespace
}  // namespace forebay::cli
