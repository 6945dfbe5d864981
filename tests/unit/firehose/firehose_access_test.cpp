// Who may do what: policies of access keys on delivery streams, sinks by URL and source streams; accounts.
#include <gtest/gtest.h>

#include "tests/unit/firehose/firehose_rig.h"

namespace forebay::gateway::test {
namespace {

constexpr std::string_view kBucket =
    R"({"RoleARN":"arn:aws:iam::000000000000:role/r","BucketARN":"arn:aws:s3:::lake"})";

std::string create_body(std::string_view name, std::string_view more) {
  return "{\"DeliveryStreamName\":\"" + std::string(name) + "\"," + std::string(more) + "}";
}
std::string into_bucket(std::string_view name) {
  return create_body(name, "\"ExtendedS3DestinationConfiguration\":" + std::string(kBucket));
}
std::string into_sink(std::string_view name) {
  return create_body(name,
                     R"("HttpEndpointDestinationConfiguration":{"EndpointConfiguration":{"Url":"https://x.example/"},)"
                     "\"S3Configuration\":" +
                         std::string(kBucket) + "}");
}
std::string of_stream(std::string_view name) {
  return create_body(name, R"("DeliveryStreamType":"KinesisStreamAsSource","KinesisStreamSourceConfiguration":{)"
                           R"("KinesisStreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/src",)"
                           R"("RoleARN":"arn:aws:iam::000000000000:role/r"},"ExtendedS3DestinationConfiguration":)" +
                               std::string(kBucket));
}

class FirehoseAccess : public ::testing::Test {
 protected:
  void add_key(const std::string& id, std::string_view policy, const std::string& account = {}) {
    auth::AccessKey key;
    key.id = id;
    key.secret = id + "secret";
    key.account = account;
    key.role = policy.empty() ? auth::Role::admin : auth::Role::user;
    if (!policy.empty()) {
      auto parsed = auth::Policy::parse(policy);
      ASSERT_TRUE(parsed.ok()) << parsed.error().context;
      key.policy = std::make_shared<const auth::Policy>(*std::move(parsed));
    }
    rig_.kinesis.rig.keys.add(key);
  }
  CallAnswer call(const std::string& id, std::string_view operation, std::string_view body) {
    return rig_.send_signed(operation, body, id, id + "secret");
  }

  FirehoseRig rig_{false};
};

TEST_F(FirehoseAccess, PoliciesDecideByDeliveryStream) {
  add_key("ROOT", "");
  add_key("PLANT", R"({"Statement":[{"Effect":"Allow","Action":"firehose:*",
                      "Resource":"arn:aws:firehose:*:*:deliverystream/plant-*"}]})");
  EXPECT_EQ(call("PLANT", "CreateDeliveryStream", into_bucket("plant-1")).raw.status, 200);
  EXPECT_EQ(call("PLANT", "CreateDeliveryStream", into_bucket("other")).type(), "AccessDeniedException");
  EXPECT_EQ(call("ROOT", "CreateDeliveryStream", into_bucket("other")).raw.status, 200);
  EXPECT_EQ(call("PLANT", "PutRecord", R"({"DeliveryStreamName":"plant-1","Record":{"Data":"aGk="}})").raw.status, 200);
  const CallAnswer refused = call("PLANT", "PutRecord", R"({"DeliveryStreamName":"other","Record":{"Data":"aGk="}})");
  EXPECT_EQ(
      refused.message(),
      "User: arn:aws:iam::000000000000:user/PLANT is not authorized to perform: firehose:PutRecord on resource: "
      "arn:aws:firehose:eu-west-1:000000000000:deliverystream/other because no policy of the access key allows it "
      "(role user)");
  EXPECT_EQ(call("PLANT", "ListDeliveryStreams", "{}").type(), "AccessDeniedException");
}

TEST_F(FirehoseAccess, SinksByUrlNeedAPermissionOfTheirOwn) {
  add_key("PLAIN", R"({"Statement":[{"Effect":"Allow","Action":"firehose:*","Resource":"*"}]})");
  add_key("SINKS", R"({"Statement":[{"Effect":"Allow","Action":["firehose:*","forebay:UseSinkUrl"],"Resource":"*"}]})");
  const CallAnswer refused = call("PLAIN", "CreateDeliveryStream", into_sink("a"));
  EXPECT_EQ(refused.type(), "AccessDeniedException");
  EXPECT_NE(refused.message().find("forebay:UseSinkUrl"), std::string::npos) << refused.message();
  EXPECT_EQ(call("SINKS", "CreateDeliveryStream", into_sink("a")).raw.status, 200);
  const std::string update =
      R"({"DeliveryStreamName":"a","CurrentDeliveryStreamVersionId":"1","DestinationId":"destinationId-000000000001",)"
      R"("HttpEndpointDestinationUpdate":{"EndpointConfiguration":{"Url":"https://y.example/"}}})";
  EXPECT_EQ(call("PLAIN", "UpdateDestination", update).type(), "AccessDeniedException");
  EXPECT_EQ(call("SINKS", "UpdateDestination", update).raw.status, 200);
}

TEST(FirehoseSinks, AccessKeyDoesNotFollowTheUrlToAnotherHost) {
  FirehoseRig rig;
  const auto update = [&](int version, const std::string& endpoint) {
    const CallAnswer answer =
        rig.send("UpdateDestination", R"({"DeliveryStreamName":"a","CurrentDeliveryStreamVersionId":")" +
                                          std::to_string(version) +
                                          R"(","DestinationId":"destinationId-000000000001",)"
                                          R"("HttpEndpointDestinationUpdate":{"EndpointConfiguration":{)" +
                                          endpoint + "}}}");
    EXPECT_EQ(answer.raw.status, 200) << answer.raw.body;
    const auto definition = rig.deliveries.definition("a");
    const auto& destination = std::get<delivery::RecordDestination>(definition.destination);
    return std::get<delivery::HttpDestination>(destination.sink).access_key;
  };
  ASSERT_EQ(rig.send("CreateDeliveryStream", into_sink("a")).raw.status, 200);
  EXPECT_EQ(update(1, R"("Url":"https://x.example/","AccessKey":"k1")"), "k1");
  EXPECT_EQ(update(2, R"("Url":"https://x.example/v2","Name":"n")"), "k1") << "the same host";
  EXPECT_EQ(update(3, R"("Url":"https://x.example.evil.example/v2")"), "");
  EXPECT_EQ(update(4, R"("Url":"https://y.example/","AccessKey":"k2")"), "k2");
  EXPECT_EQ(update(5, R"("Url":"http://y.example/")"), "") << "not in clear where it went encrypted";
}

TEST_F(FirehoseAccess, SourceStreamsMustBeReadable) {
  add_key("ROOT", "");
  add_key("BLIND", R"({"Statement":[{"Effect":"Allow","Action":"firehose:*","Resource":"*"}]})");
  const CallAnswer refused = call("BLIND", "CreateDeliveryStream", of_stream("a"));
  EXPECT_EQ(refused.type(), "AccessDeniedException");
  EXPECT_NE(refused.message().find("kinesis:GetRecords"), std::string::npos) << refused.message();
  EXPECT_EQ(call("ROOT", "CreateDeliveryStream", of_stream("a")).message(),
            "Stream src under account 000000000000 not found.");
}

TEST_F(FirehoseAccess, ASourceIsAskedForByItsOwnArnHoweverItIsNamed) {
  add_key("KEPT", R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                      {"Effect":"Deny","Action":"kinesis:*","Resource":"arn:aws:kinesis:*:*:stream/src"}]})");
  for (const char* named : {"arn:aws:kinesis:mars-1:", "arn:aws-x:kinesis:us-east-1:"}) {
    std::string body = of_stream("a");
    body.replace(body.find("arn:aws:kinesis:us-east-1:"), std::string_view("arn:aws:kinesis:us-east-1:").size(), named);
    EXPECT_EQ(call("KEPT", "CreateDeliveryStream", body).type(), "AccessDeniedException") << named;
  }
}

TEST_F(FirehoseAccess, AccountsDoNotSeeEachOther) {
  add_key("ROOT", "");
  add_key("TENANT", "", "111122223333");
  EXPECT_EQ(call("ROOT", "CreateDeliveryStream", into_bucket("a")).raw.status, 200);
  EXPECT_EQ(call("TENANT", "DescribeDeliveryStream", R"({"DeliveryStreamName":"a"})").message(),
            "Firehose a under account 111122223333 not found.");
  EXPECT_EQ(call("TENANT", "CreateDeliveryStream", into_bucket("a")).raw.status, 200);
  EXPECT_EQ(call("TENANT", "ListDeliveryStreams", "{}").body["DeliveryStreamNames"], nlohmann::json({"a"}));
}

TEST_F(FirehoseAccess, SignaturesMustBeOfTheService) {
  EXPECT_EQ(rig_.send("ListDeliveryStreams", "{}").type(), "MissingAuthenticationTokenException");
  EXPECT_EQ(call("NOBODY", "ListDeliveryStreams", "{}").type(), "UnrecognizedClientException");
}

TEST(FirehosePuts, AreInTheStreamBehindWhenTheyAreAnswered) {
  FirehoseRig rig;
  ASSERT_EQ(rig.send("CreateDeliveryStream", into_bucket("a")).raw.status, 200);
  const CallAnswer stored = rig.send("PutRecordBatch", R"({"DeliveryStreamName":"a","Records":[{"Data":"aGk="}]})");
  ASSERT_EQ(stored.raw.status, 200);
  EXPECT_EQ(stored.body["RequestResponses"][0]["RecordId"].get<std::string>().size(), 224u);
  EXPECT_EQ(rig.metrics.put_records.value(), 1u);
  const stream::StreamPtr stream = rig.kinesis.rig.streams->find("000000000000", "delivery/a");
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->open_shards[0]->end_offset().value(), 1u) << "durable before the answer";
}

}  // namespace
}  // namespace forebay::gateway::test
