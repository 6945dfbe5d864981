// Patterns of the service model: what each matches, at its edges, and how the texts name a list's elements.
#include "wire/kinesis/rules.h"

#include <gtest/gtest.h>

#include "wire/kinesis/channel_rules.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/shapes/enable_enhanced_monitoring.h"
#include "wire/kinesis/shapes/remove_tags_from_stream.h"
#include "wire/kinesis/shapes/update_shard_count.h"

namespace forebay::wire::kinesis {
namespace {

using Texts = std::vector<std::string>;

void expect_pattern(const Pattern& pattern, const Texts& good, const Texts& bad) {
  SCOPED_TRACE(std::string(pattern.text));
  for (const std::string& text : good) EXPECT_TRUE(pattern.matches(text)) << text;
  for (const std::string& text : bad) EXPECT_FALSE(pattern.matches(text)) << text;
}

const std::string kBase = "arn:aws:kinesis:us-east-1:000000000000:";

TEST(Patterns, StreamsAndChannels) {
  expect_pattern(
      patterns::kStreamArn,
      {kBase + "stream/s", kBase + "stream/s/consumer/c:1", "arn:aws-cn:kinesis::111111111111:stream/x",
       "arn:aws::kinesis:x:a:000000000000:stream/:000000000000:stream/y", "arn:aws:kinesis:a b:000000000000:stream/y"},
      {"", "arn:aws:kinesis:", kBase + "stream/", kBase + "stream/a b", kBase + "channel/a", "x" + kBase,
       "arn:aws:kinesis:000000000000:stream/s", "arn:aws:kinesis:r:00000000000x:stream/s", kBase + "stream/s\n"});
  expect_pattern(patterns::kChannelArn, {kBase + "channel/abc"}, {kBase + "channel/", kBase + "stream/s"});
}

TEST(Patterns, Resources) {
  expect_pattern(patterns::kResourceArn,
                 {kBase + "stream/s", kBase + "stream/s/consumer/c:1", kBase + "channel/c", kBase + "queue/q",
                  kBase + "any thing stream/s", kBase + "stream/a stream/b"},
                 {kBase + "stream/", kBase + "table/s", kBase + "stream/a b", kBase + "queue/", kBase, "stream/s",
                  "arn:aws:kinesis:r:00000000000:stream/s"});
}

TEST(Patterns, Consumers) {
  expect_pattern(patterns::kConsumerArn,
                 {kBase + "stream/s/consumer/c:1767322800", kBase + "xstream/s.-_/consumer/c:0",
                  kBase + "stream/a/stream/s/consumer/c:1"},
                 {kBase + "stream/s/consumer/c", kBase + "stream/s/consumer/c:", kBase + "stream/s/consumer/:1",
                  kBase + "stream/s/consumer/c:1x", kBase + "stream//consumer/c:1", kBase + "stream/s/consumers/c:1",
                  kBase + "streams/s/consumer/c:1", kBase + "stream/s/consumer/c d:1", "stream/s/consumer/c:1",
                  "/consumer/c:1", ""});
}

// Matching takes time in proportion to the text, also for one made to be slow.
TEST(Patterns, HostileTextsAreNoWork) {
  std::string text = "arn:aws:kinesis:";
  while (text.size() < 4'000'000) text += ":000000000000:stream/x";
  text += " ";
  EXPECT_FALSE(patterns::kStreamArn.matches(text));
  EXPECT_FALSE(patterns::kResourceArn.matches(text));
  EXPECT_FALSE(patterns::kConsumerArn.matches(text));
}

TEST(Patterns, Channels) {
  expect_pattern(
      patterns::kRoleArn, {"arn:aws:iam::000000000000:role/a", "arn:aws-us-gov:iam::000000000000:role/a/b_+=,.@-c"},
      {"arn:aws:iam::000000000000:role/", "arn:aws:iam::00000000000:role/a", "arn:aws:iam::0000000000000:role/a",
       "arn:aws:iam::000000000000:role/a b", "arn:awsX:iam::000000000000:role/a"});
  expect_pattern(patterns::kSchemaArn, {"arn:aws:glue:eu-west-1:000000000000:schema/r$#/n.-_"},
                 {"arn:aws:glue::000000000000:schema/r/n", "arn:aws:glue:r:000000000000:schema/r",
                  "arn:aws:glue:r:000000000000:schema/r/n/m", "arn:aws:glue:r:000000000000:schema//n"});
  expect_pattern(patterns::kBucketArn, {"arn:aws:s3:::abc", "arn:aws:s3:::" + std::string(63, 'a')},
                 {"arn:aws:s3:::ab", "arn:aws:s3:::" + std::string(64, 'a'), "arn:aws:s3:::ABC", "arn:aws:s3::abc"});
  expect_pattern(patterns::kTableBucketArn, {"arn:aws:s3tables:eu-west-1:000000000000:bucket/a-_"},
                 {"arn:aws:s3tables:eu-west-1:000000000000:bucket/a.b", "arn:aws:s3tables::000000000000:bucket/abc"});
  expect_pattern(patterns::kAccount, {"000000000000"}, {"", "00000000000", "0000000000000", "00000000000a"});
  expect_pattern(patterns::kErrorPrefix, {"a/B9!-_'.*()/"}, {"", "a=b", "a b"});
  expect_pattern(patterns::kKeyTemplate, {"!{yyyy}/a=b:c"}, {"", "a b", "a\\b"});
  expect_pattern(patterns::kTableName, {"a_9"}, {"", "A", "a-b"});
  expect_pattern(patterns::kSourceName, {"a.B_9"}, {"", "a-b"});
  expect_pattern(patterns::kLogGroupName, {"/aws/x-#._9"}, {"", "a:b"});
  expect_pattern(patterns::kLogStreamName, {"", "any thing/at all"}, {"a:b", "a*b"});
}

template <class Message>
std::string fault_of(std::string_view body) {
  auto result = decode_request<Message>(body);
  return std::holds_alternative<Fault>(result) ? std::get<Fault>(result).message : "";
}

TEST(Validate, ElementsOfListsOfStrings) {
  EXPECT_EQ(fault_of<RemoveTagsFromStreamRequest>(R"({"TagKeys":["a","b"]})"), "");
  EXPECT_EQ(fault_of<RemoveTagsFromStreamRequest>(R"({"TagKeys":["a",""]})"),
            "1 validation error detected: Value '[a, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy "
            "constraint: [Member must have length less than or equal to 128, Member must have length greater than or "
            "equal to 1]");
  EXPECT_EQ(fault_of<RemoveTagsFromStreamRequest>(R"({"TagKeys":[]})"),
            "1 validation error detected: Value '[]' at 'tagKeys' failed to satisfy constraint: Member must have "
            "length greater than or equal to 1");
  EXPECT_EQ(fault_of<EnableEnhancedMonitoringRequest>(R"({"ShardLevelMetrics":["ALL"]})"), "");
  EXPECT_EQ(fault_of<EnableEnhancedMonitoringRequest>(R"({"ShardLevelMetrics":["ALL","x"]})"),
            "1 validation error detected: Value '[ALL, x]' at 'shardLevelMetrics' failed to satisfy constraint: Member "
            "must satisfy constraint: [Member must satisfy enum value set: [IncomingBytes, IncomingRecords, "
            "OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, ReadProvisionedThroughputExceeded, "
            "IteratorAgeMilliseconds, ALL]]");
  EXPECT_EQ(fault_of<UpdateShardCountRequest>(R"({"TargetShardCount":0,"ScalingType":"UNIFORM_SCALING"})"),
            "1 validation error detected: Value '0' at 'targetShardCount' failed to satisfy constraint: Member must "
            "have value greater than or equal to 1");
}

}  // namespace
}  // namespace forebay::wire::kinesis
