// The Kinesis front over real sockets and real streams: front door (kinesis 1.5), cross-origin headers, authentication
// (kinesis 4), tokens. The calls themselves are checked by stock clients in tests/clients.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/kinesis/iterator_token.h"
#include "tests/support/seeded_entropy.h"
#include "tests/unit/gateway_front/gateway_rig.h"

namespace forebay::gateway::test {
namespace {

constexpr const char* kJson = "Content-Type: application/x-amz-json-1.1\r\n";
constexpr const char* kTarget = "X-Amz-Target: Kinesis_20131202.ListStreams\r\n";

std::string type_of(const RawResponse& response) {
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  return document.is_object() ? document.value("__type", "") : "";
}

TEST(KinesisFrontDoor, AnswersEveryRowOfTheTable) {
  GatewayRig rig({});
  const std::string denied =
      "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
      "authorized</Message>\n</AccessDeniedException>\n";
  RawResponse r = rig.client().exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(r.status, 403);
  EXPECT_EQ(r.body, denied);
  r = rig.client().exchange("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(r.status, 403);
  r = rig.client().exchange(post("/", std::string(kJson) + kTarget, ""));
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(type_of(r), "SerializationException");
  r = rig.client().exchange(post("/", kJson, ""));
  EXPECT_EQ(type_of(r), "UnknownOperationException");
  r = rig.client().exchange(post("/", kTarget, ""));
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(r.headers["content-type"], "application/x-amz-cbor-1.1");
  EXPECT_EQ(nlohmann::json::from_cbor(r.body)["__type"], "SerializationException");
  r = rig.client().exchange(post("/", "", "{}"));
  EXPECT_EQ(r.status, 403);
  EXPECT_EQ(r.body, denied);
  r = rig.client().exchange(post("/", "X-Amz-Target: Kinesis_20131202\r\n", "{}"));
  EXPECT_EQ(r.status, 403);
  r = rig.client().exchange(post("/", std::string("Content-Type: text/plain\r\n") + kTarget, "{}"));
  EXPECT_EQ(r.status, 404);
  EXPECT_EQ(r.body, "<UnknownOperationException/>\n");
  r = rig.client().exchange(post("/", "Content-Type: application/json\r\n", "{"));
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(r.body, R"({"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"})");
  r = rig.client().exchange(post("/", "Content-Type: application/json\r\n", "{}"));
  EXPECT_EQ(r.status, 404);
  EXPECT_EQ(r.body, R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})");
  r = rig.client().exchange(call("ListStreams", "[]"));
  EXPECT_EQ(r.status, 400);
  EXPECT_EQ(r.body, R"({"__type":"SerializationException"})");
  r = rig.client().exchange(call("ListStreams", "{"));
  EXPECT_EQ(r.body, R"({"__type":"SerializationException"})");
  r = rig.client().exchange(call("Nothing", "{}"));
  EXPECT_EQ(r.body, R"({"__type":"UnknownOperationException"})");
  r = rig.client().exchange(
      post("/", std::string("Content-Type: application/x-amz-json-1.1; charset=utf-8\r\n") + kTarget, "{}"));
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, R"({"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]})");
  EXPECT_EQ(r.headers["content-type"], "application/x-amz-json-1.1");
}

TEST(KinesisFrontDoor, CrossOriginHeaders) {
  GatewayRig rig({});
  RawResponse r = rig.client().exchange(
      "OPTIONS / HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\nAccess-Control-Request-Headers: x-a, x-b\r\n"
      "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, "");
  EXPECT_EQ(r.headers["access-control-allow-origin"], "*");
  EXPECT_EQ(r.headers["access-control-allow-headers"], "x-a, x-b");
  EXPECT_EQ(r.headers["access-control-allow-methods"], "POST");
  EXPECT_EQ(r.headers["access-control-max-age"], "172800");
  EXPECT_EQ(r.headers.count("x-amz-id-2"), 0u);
  r = rig.client().exchange(post("/", std::string(kJson) + kTarget + "Origin: http://a\r\n", "{}"));
  EXPECT_EQ(r.headers["access-control-allow-origin"], "*");
  EXPECT_NE(r.headers["access-control-expose-headers"].find("x-amzn-RequestId"), std::string::npos);
  r = rig.client().exchange("GET / HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\n\r\n");
  EXPECT_EQ(r.headers["access-control-allow-origin"], "*");
}

TEST(KinesisAuthentication, RefusalsCarryTheServicesTypesAndNothingIsWritten) {
  GatewayRig rig({.auth_off = false, .region = "eu-west-1"});
  const WallTime now = rig.clock.wall_now();
  const std::string headers = std::string(kJson) + "X-Amz-Target: Kinesis_20131202.CreateStream\r\n";
  const std::string body = R"({"StreamName":"s","ShardCount":1})";
  const auto create = [&](const std::string& id, const std::string& secret, WallTime time,
                          std::string_view service = "kinesis") {
    return signed_post("/", headers, body, id, secret, service, time);
  };
  EXPECT_EQ(type_of(rig.client().exchange(post("/", headers, body))), "MissingAuthenticationTokenException");
  EXPECT_EQ(type_of(rig.client().exchange(create("NOBODY", "adminsecret", now))), "UnrecognizedClientException");
  EXPECT_EQ(type_of(rig.client().exchange(create("ADMINKEY", "wrongsecret", now))), "InvalidSignatureException");
  EXPECT_EQ(type_of(rig.client().exchange(create("ADMINKEY", "adminsecret", now - std::chrono::minutes(6)))),
            "InvalidSignatureException");
  EXPECT_EQ(type_of(rig.client().exchange(create("ADMINKEY", "adminsecret", now + std::chrono::minutes(6)))),
            "InvalidSignatureException");
  EXPECT_EQ(type_of(rig.client().exchange(create("ADMINKEY", "adminsecret", now, "forebay"))),
            "InvalidSignatureException");
  EXPECT_EQ(type_of(rig.client().exchange(create("DEVICEKEY", "devicesecret", now))), "AccessDeniedException");
  std::string altered = create("ADMINKEY", "adminsecret", now);
  altered.replace(altered.find("\"s\""), 3, "\"t\"");
  EXPECT_EQ(type_of(rig.client().exchange(altered)), "InvalidSignatureException");
  std::string both = create("ADMINKEY", "adminsecret", now);
  both.replace(both.find("POST / "), 7, "POST /?X-Amz-Algorithm=AWS4-HMAC-SHA256 ");
  EXPECT_EQ(type_of(rig.client().exchange(both)), "InvalidSignatureException");
  std::string unsigned_host = create("ADMINKEY", "adminsecret", now);
  unsigned_host.replace(unsigned_host.find("SignedHeaders=host;"), 19, "SignedHeaders=");
  EXPECT_NE(rig.client().exchange(unsigned_host).status, 200);
  EXPECT_EQ(rig.streams->find("000000000000", "s"), nullptr);
  EXPECT_EQ(rig.streams->find("000000000000", "t"), nullptr);
  EXPECT_EQ(rig.client().exchange(create("ADMINKEY", "adminsecret", now)).status, 200);
  EXPECT_NE(rig.streams->find("000000000000", "s"), nullptr);
  EXPECT_EQ(type_of(rig.client().exchange(create("ADMINKEY", "adminsecret", now, ""))), "ResourceInUseException")
      << "a scope without a service is signed like any other";
}

TEST(KinesisAuthentication, BodyOfAnUnknownKeyIsNotKept) {
  GatewayRig rig({.auth_off = false});
  const std::string big(8'000'000, ' ');
  RawClient client = rig.client();
  client.send(signed_post("/", std::string(kJson) + kTarget, big, "NOBODY", "x", "kinesis", rig.clock.wall_now()));
  EXPECT_EQ(type_of(client.receive()), "UnrecognizedClientException");
  EXPECT_EQ(rig.server->metrics.request_bytes.value(), 0u);
}

TEST(KinesisPuts, MissingStreamIsCreatedWhenSoConfigured) {
  GatewayRig rig({.auto_create_streams = true});
  const RawResponse r =
      rig.client().exchange(call("PutRecord", R"({"StreamName":"new","PartitionKey":"p","Data":"aGk="})"));
  EXPECT_EQ(r.status, 200) << r.body;
  const auto stream = rig.streams->find("000000000000", "new");
  ASSERT_NE(stream, nullptr);
  EXPECT_EQ(stream->open_shards.size(), 4u);
  EXPECT_EQ(
      type_of(rig.client().exchange(call("PutRecord", R"({"StreamName":"..","PartitionKey":"p","Data":"aGk="})"))),
      "ResourceNotFoundException");
}

TEST(KinesisPuts, DryRunWritesNothing) {
  GatewayRig rig({});
  ASSERT_EQ(rig.client().exchange(call("CreateStream", R"({"StreamName":"s","ShardCount":1})")).status, 200);
  EXPECT_EQ(type_of(rig.client().exchange(
                call("PutRecord", R"({"StreamName":"s","PartitionKey":"p","Data":"aGk=","DryRun":true})"))),
            "DryRunOperationException");
  EXPECT_EQ(rig.streams->find("000000000000", "s")->shards[0]->end_offset().value(), 0);
}

TEST(KinesisPuts, DryRunMakesNoStream) {
  GatewayRig rig({.auto_create_streams = true});
  EXPECT_EQ(type_of(rig.client().exchange(
                call("PutRecord", R"({"StreamName":"new","PartitionKey":"p","Data":"aGk=","DryRun":true})"))),
            "DryRunOperationException");
  EXPECT_EQ(rig.streams->find("000000000000", "new"), nullptr);
}

TEST(KinesisCalls, StreamNamesThatAreFoldersAndShardsOverTheLimitAreRefused) {
  GatewayRig rig({});
  for (const char* name : {".", ".."})
    EXPECT_EQ(type_of(rig.client().exchange(
                  call("CreateStream", R"({"ShardCount":1,"StreamName":")" + std::string(name) + "\"}"))),
              "InvalidArgumentException");
  EXPECT_EQ(type_of(rig.client().exchange(call("CreateStream", R"({"StreamName":"s","ShardCount":101})"))),
            "LimitExceededException");
  EXPECT_EQ(type_of(rig.client().exchange(call("CreateStream", R"({"StreamName":"../../etc/x","ShardCount":1})"))),
            "ValidationException");
}

TEST(KinesisCalls, PutRecordsAnswersInTheBytesClientsLookFor) {
  GatewayRig rig({});
  ASSERT_EQ(rig.client().exchange(call("CreateStream", R"({"StreamName":"s","ShardCount":1})")).status, 200);
  const RawResponse r = rig.client().exchange(
      call("PutRecords",
           R"({"StreamName":"s","Records":[{"PartitionKey":"p","Data":"aGk="},{"PartitionKey":"q","Data":""}]})"));
  EXPECT_EQ(r.body.substr(0, 35), R"({"FailedRecordCount":0,"Records":[{)");
  EXPECT_EQ(nlohmann::json::parse(r.body)["Records"].size(), 2u);
}

TEST(IteratorToken, ExpiresAndCannotBeChanged) {
  const kinesis::TokenSealer sealer(Sha256{7});
  const kinesis::TokenSealer other(Sha256{8});
  const WallTime now = from_millis(1'767'323'045'000);
  kinesis::IteratorToken token;
  token.stream_name = std::string(128, 'n');
  token.stream = stream::StreamId(5);
  token.shard = stream::ShardNumber(6);
  token.offset = stream::Offset(77);
  token.timeline = 3;
  const std::string text = seal_iterator(sealer, token, now, 1);
  EXPECT_LE(text.size(), 512u);
  EXPECT_NE(text, seal_iterator(sealer, token, now, 2));
  const auto open = [&](const kinesis::TokenSealer& with, const std::string& what, WallTime time,
                        std::uint64_t timeline) {
    auto opened = open_iterator(with, what, time, timeline);
    const auto* fault = std::get_if<wire::kinesis::Fault>(&opened);
    return fault ? std::string(wire::kinesis::row_of(fault->type).name) : std::string("ok");
  };
  EXPECT_EQ(std::get<kinesis::IteratorToken>(open_iterator(sealer, text, now + Milliseconds(300'000), 3)), token);
  EXPECT_EQ(open(sealer, "\"" + text + "\"", now, 3), "ok");
  EXPECT_EQ(open(sealer, text, now + Milliseconds(300'001), 3), "ExpiredIteratorException");
  EXPECT_EQ(open(sealer, text, now, 4), "ExpiredIteratorException");
  EXPECT_EQ(open(other, text, now, 3), "InvalidArgumentException");
  for (std::size_t i = 0; i < text.size(); i += 7) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(open(sealer, changed, now, 3), "InvalidArgumentException") << i;
  }
  EXPECT_EQ(kinesis::service_time(from_millis(1'421'889'722'000)), "Thu Jan 22 01:22:02 UTC 2015");
}

}  // namespace
}  // namespace forebay::gateway::test
