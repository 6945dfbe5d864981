#pragma once

#include <array>

#include "wire/kinesis/shape.h"

/// Members that many messages share (kinesis 2, abbreviations).
namespace forebay::wire::kinesis {

inline constexpr std::int64_t kDataBytesMax = 10'485'760;
inline constexpr std::int64_t kRecordsMax = 500;
inline constexpr std::int64_t kPartitionKeyMax = 256;

/// True when a string satisfies its rule's length and pattern.
bool fits(std::string_view text, const Rule& rule);

namespace patterns {
extern const Pattern kName;            ///< streams and shards: [a-zA-Z0-9_.-]+
extern const Pattern kStreamArn;       ///< arn:aws.*:kinesis:.*:\d{12}:stream/\S+
extern const Pattern kConsumerArn;     ///< arn:aws.*:kinesis:.*:\d{12}:.*stream/NAME/consumer/NAME:<digits>
extern const Pattern kResourceArn;     ///< arn:aws.*:kinesis:.*:\d{12}:.*(stream|channel|queue)/\S+
extern const Pattern kChannelArn;      ///< arn:aws.*:kinesis:.*:\d{12}:channel/\S+
extern const Pattern kSequenceNumber;  ///< 0|([1-9]\d{0,128})
extern const Pattern kHashKey;         ///< 0|([1-9]\d{0,38})
}  // namespace patterns

namespace values {
inline constexpr std::array<std::string_view, 5> kIteratorType = {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP",
                                                                  "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"};
inline constexpr std::array<std::string_view, 2> kStreamMode = {"PROVISIONED", "ON_DEMAND"};
inline constexpr std::array<std::string_view, 6> kShardFilterType = {
    "AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP"};
inline constexpr std::array<std::string_view, 2> kEncryptionType = {"NONE", "KMS"};
inline constexpr std::array<std::string_view, 1> kScalingType = {"UNIFORM_SCALING"};
inline constexpr std::array<std::string_view, 2> kCommitmentStatus = {"ENABLED", "DISABLED"};
inline constexpr std::array<std::string_view, 2> kRecordDistributionStrategy = {"AUTO", "USER_PARTITION_KEY"};
inline constexpr std::array<std::string_view, 8> kMetricName = {
    "IncomingBytes",
    "IncomingRecords",
    "OutgoingBytes",
    "OutgoingRecords",
    "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded",
    "IteratorAgeMilliseconds",
    "ALL",
};
}  // namespace values

namespace rules {
inline constexpr Rule kStreamName{.name = "StreamName", .min = 1, .max = 128, .pattern = &patterns::kName};
inline constexpr Rule kStreamArn{.name = "StreamARN", .min = 1, .max = 2048, .pattern = &patterns::kStreamArn};
inline constexpr Rule kShardId{.name = "ShardId", .min = 1, .max = 128, .pattern = &patterns::kName};
inline constexpr Rule kData{.name = "Data", .required = true, .max = kDataBytesMax};
inline constexpr Rule kPartitionKey{.name = "PartitionKey", .required = true, .min = 1, .max = kPartitionKeyMax};
inline constexpr Rule kExplicitHashKey{.name = "ExplicitHashKey", .pattern = &patterns::kHashKey};
inline constexpr Rule kSequenceNumber{.name = "SequenceNumber", .pattern = &patterns::kSequenceNumber};
inline constexpr Rule kLimit{.name = "Limit", .min = 1, .max = 10'000};
inline constexpr Rule kNextToken{.name = "NextToken", .min = 1, .max = 1'048'576};
inline constexpr Rule kTags{.name = "Tags", .min = 1, .max = 200, .map_key = {1, 128}, .map_value = {0, 256}};
inline constexpr Rule kTagKeys{.name = "TagKeys", .required = true, .min = 1, .max = 50, .element = {1, 128}};
inline constexpr Rule kConsumerName{.name = "ConsumerName", .min = 1, .max = 128, .pattern = &patterns::kName};
inline constexpr Rule kConsumerArn{.name = "ConsumerARN", .min = 1, .max = 2048, .pattern = &patterns::kConsumerArn};
inline constexpr Rule kResourceArn{
    .name = "ResourceARN", .required = true, .min = 1, .max = 2048, .pattern = &patterns::kResourceArn};
inline constexpr Rule kChannelArn{
    .name = "ChannelARN", .required = true, .min = 1, .max = 2048, .pattern = &patterns::kChannelArn};
inline constexpr Rule kKeyId{.name = "KeyId", .required = true, .min = 1, .max = 2048};
inline constexpr Rule kWarmThroughput{.name = "WarmThroughputMiBps", .min = 0};
inline constexpr Rule kShardLevelMetrics{
    .name = "ShardLevelMetrics", .required = true, .min = 1, .max = 7, .values = values::kMetricName};
}  // namespace rules

}  // namespace forebay::wire::kinesis
