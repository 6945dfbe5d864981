// Encryption at rest as callers see it where golden calls cannot go: keys that are missing, and what is described.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <vector>

#include "tests/unit/gateway_front/kinesis/call_rig.h"

namespace forebay::gateway::test {
namespace {
using kinesis::Encoding;
using nlohmann::json;

const json kStart = {{"StreamName", "s"}, {"EncryptionType", "KMS"}, {"KeyId", "alias/plant"}};

struct EncryptionCalls : ::testing::Test {
  boost::asio::io_context loop{1};  // outlives the streams that were called from it
  CallRig calls;
  CallAnswer call(std::string_view operation, const json& request) {
    return calls.call(operation, request, Encoding::json);
  }
  void SetUp() override { ASSERT_EQ(call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}}).raw.status, 200); }
};

TEST_F(EncryptionCalls, AGatewayWithoutKeysRefusesAndEncryptsNothing) {
  for (const auto& keys : {std::shared_ptr<const stream::KeyRing>(), std::make_shared<const stream::KeyRing>()}) {
    calls.rig.kinesis_services->keys = keys;
    const CallAnswer answer = call("StartStreamEncryption", kStart);
    EXPECT_EQ(answer.type(), "KMSNotFoundException");
    EXPECT_NE(answer.message().find("encryption.key_file"), std::string::npos) << answer.message();
  }
  EXPECT_EQ(call("DescribeStreamSummary", {{"StreamName", "s"}}).body["StreamDescriptionSummary"]["EncryptionType"],
            "NONE");
}

TEST_F(EncryptionCalls, DescriptionsNameTypeAndKeyAsTheClientGaveIt) {
  const auto described = [&](const char* operation, const char* member) {
    return call(operation, {{"StreamName", "s"}}).body[member];
  };
  ASSERT_EQ(call("StartStreamEncryption", kStart).raw.status, 200);
  for (const json& shown : {described("DescribeStream", "StreamDescription"),
                            described("DescribeStreamSummary", "StreamDescriptionSummary")}) {
    EXPECT_EQ(shown["EncryptionType"], "KMS");
    EXPECT_EQ(shown["KeyId"], "alias/plant");
    EXPECT_EQ(shown["StreamStatus"], "ACTIVE");
  }
  ASSERT_EQ(call("StopStreamEncryption", kStart).raw.status, 200);
  for (const json& shown : {described("DescribeStream", "StreamDescription"),
                            described("DescribeStreamSummary", "StreamDescriptionSummary")}) {
    EXPECT_EQ(shown["EncryptionType"], "NONE");
    EXPECT_FALSE(shown.contains("KeyId"));
  }
}

TEST_F(EncryptionCalls, AKeyThatIsMissingIsNamedByPutsAndTheStreamTakesNothing) {
  const stream::StreamPtr stream = calls.rig.streams->find("000000000000", "s");
  // As a restart without the key file leaves it: the stream asks for a key that nobody has.
  const auto lock = [](stream::StreamService& streams, stream::StreamPtr which) -> Task<void> {
    std::vector<stream::AttributeChange> changes(1);
    changes[0].key = "data_key";
    changes[0].value = "0badc0de";
    const auto done = co_await streams.set_attributes(which, changes);
    EXPECT_TRUE(done);
  };
  boost::asio::co_spawn(loop, lock(*calls.rig.streams, stream), boost::asio::detached);
  loop.run();
  for (const char* operation : {"PutRecord", "PutRecords"}) {
    json request = {{"StreamName", "s"}};
    if (std::string_view(operation) == "PutRecord") {
      request["Data"] = "aGk=";
      request["PartitionKey"] = "k";
    } else {
      request["Records"] = json::array({{{"Data", "aGk="}, {"PartitionKey", "k"}}});
    }
    const CallAnswer answer = call(operation, request);
    EXPECT_EQ(answer.type(), "KMSNotFoundException") << operation;
    EXPECT_NE(answer.message().find("stream s is encrypted with key 0badc0de"), std::string::npos) << answer.message();
  }
  EXPECT_EQ(stream->shards[0]->end_offset().value(), 0);
}

}  // namespace
}  // namespace forebay::gateway::test
