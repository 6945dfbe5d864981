// Sequence numbers, shard ids, ARNs and errors in the forms clients see.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "wire/kinesis/arn.h"
#include "wire/kinesis/error_type.h"
#include "wire/kinesis/sequence_number.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::wire::kinesis {
namespace {

TEST(SequenceNumber, MatchesTheReferenceVectors) {
  constexpr std::int64_t kCreated = 1'767'322'800;
  EXPECT_EQ(to_decimal({kCreated, 0, 0, kCreated}), "49670459154850102615887004099491943048003734358282207234");
  EXPECT_EQ(to_decimal({kCreated, 0, 5, 1'767'322'845}), "49670459154850102615887004099497987677101810596532191234");
  EXPECT_EQ(to_decimal({kCreated, 0, kEndCounter, 1'767'322'900}),
            "49670459154861252988486269411061501981320450781808164866");
}

TEST(SequenceNumber, RoundTripsAndOrdersByCounter) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; ++i) {
    SequenceNumber number{static_cast<std::int64_t>(random() >> 28), static_cast<std::uint32_t>(random()),
                          random() >> 1, static_cast<std::int64_t>(random() >> 28)};
    const std::string text = to_decimal(number);
    ASSERT_EQ(parse_sequence_number(text), number) << text;
    if (number.counter == kEndCounter) continue;
    SequenceNumber next = number;
    ++next.counter;
    next.arrival_s = 0;
    const std::string later = to_decimal(next);
    ASSERT_EQ(later.size(), text.size());
    ASSERT_GT(later, text);
  }
}

TEST(SequenceNumber, OtherNumbersAreRefused) {
  std::string good = "49670459154850102615887004099497987677101810596532191234";
  ASSERT_TRUE(parse_sequence_number(good));
  for (const std::string& bad : {std::string(), std::string("0"), std::string("1"), "0" + good, good + "0",
                                 good.substr(1), std::string("-1"), good + " ", std::string(56, '9'),
                                 std::string(57, '9'), std::string(5000, '1'), "+" + good, good.substr(0, 55) + "x"})
    EXPECT_FALSE(parse_sequence_number(bad)) << bad;
  // Another version, and two shard numbers that differ.
  good.back() = '5';
  EXPECT_FALSE(parse_sequence_number(good));
  EXPECT_FALSE(parse_sequence_number("49670459154850102615887004099497987677101810596532191250"));
}

TEST(ShardId, WritesTwelveDigitsAndReadsLeniently) {
  EXPECT_EQ(to_shard_id(0), "shardId-000000000000");
  EXPECT_EQ(to_shard_id(4294967295), "shardId-004294967295");
  for (const char* good : {"shardId-000000000007", "shardId-7", "a-0007", "7", "x-y-7", "0000000000000000000000007"})
    EXPECT_EQ(parse_shard_id(good), 7u) << good;
  EXPECT_EQ(parse_shard_id("2147483647"), 2147483647u);
  for (const char* bad :
       {"", "-", "-7", "shardId-", "shardId-x", "shardId-7x", "2147483648", "shardId 7", "99999999999999999999"})
    EXPECT_FALSE(parse_shard_id(bad)) << bad;
}

TEST(StreamArn, RoundTripsAndRefusesOthers) {
  const StreamArn arn{"us-east-1", "000000000000", "web"};
  EXPECT_EQ(to_string(arn), "arn:aws:kinesis:us-east-1:000000000000:stream/web");
  EXPECT_EQ(parse_stream_arn(to_string(arn)), arn);
  EXPECT_EQ(parse_stream_arn("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/a.b-c_d")->name, "a.b-c_d");
  for (const char* bad :
       {"", "arn", "arn:aws:kinesis:us-east-1:000000000000:stream/", "arn:aws:kinesis:us-east-1:000000000000:web",
        "arn:aws:kinesis::000000000000:stream/web", "arn:aws:kinesis:us-east-1:0000:stream/web",
        "arn:aws:kinesis:us-east-1:000000000000:stream/web/consumer/c:1", "arn:aws:firehose:r:000000000000:stream/web",
        "arn:aws:kinesis:r:00000000000x:stream/web"})
    EXPECT_FALSE(parse_stream_arn(bad)) << bad;
}

TEST(ErrorType, RowsAndBodies) {
  EXPECT_EQ(row_of(ErrorType::resource_not_found).name, "ResourceNotFoundException");
  EXPECT_EQ(row_of(ErrorType::internal_failure).http_status, 500);
  EXPECT_TRUE(row_of(ErrorType::service_unavailable).server_fault);
  EXPECT_EQ(error_type_from_name("ValidationException"), ErrorType::validation);
  EXPECT_FALSE(error_type_from_name("Other"));
  auto text = [](const Fault& fault) {
    std::string out;
    append_json(fault, out);
    return out;
  };
  EXPECT_EQ(text({ErrorType::resource_not_found, "Stream \"a\" not\nfound."}),
            R"({"__type":"ResourceNotFoundException","message":"Stream \"a\" not\nfound."})");
  EXPECT_EQ(text({ErrorType::serialization, "x"}), R"({"__type":"SerializationException","Message":"x"})");
  EXPECT_EQ(text({ErrorType::serialization, ""}), R"({"__type":"SerializationException"})");
  EXPECT_EQ(text({ErrorType::internal_failure, ""}), R"({"__type":"InternalFailure"})");
}

}  // namespace
}  // namespace forebay::wire::kinesis
