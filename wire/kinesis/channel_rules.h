#pragma once

#include "wire/kinesis/rules.h"

/// Rules of the calls about channels, the service's built-in delivery of a stream to object storage.
namespace forebay::wire::kinesis {

namespace patterns {
extern const Pattern kRoleArn;         ///< arn:aws[-a-z0-9]*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+
extern const Pattern kSchemaArn;       ///< arn:aws...:glue:REGION:\d{12}:schema/REGISTRY/NAME
extern const Pattern kBucketArn;       ///< arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}
extern const Pattern kTableBucketArn;  ///< arn:aws...:s3tables:REGION:\d{12}:bucket/[a-z0-9_-]{3,63}
extern const Pattern kAccount;         ///< \d{12}
extern const Pattern kErrorPrefix;
extern const Pattern kKeyTemplate;
extern const Pattern kTableName;      ///< [0-9a-z_]+
extern const Pattern kSourceName;     ///< [a-zA-Z0-9\.\_]+
extern const Pattern kLogGroupName;   ///< [\.\-_/#A-Za-z0-9]+
extern const Pattern kLogStreamName;  ///< [^:*]*
}  // namespace patterns

namespace values {
inline constexpr std::array<std::string_view, 4> kRecordFormatType = {"GSR_JSON", "JSON", "STRING", "BYTE_ARRAY"};
inline constexpr std::array<std::string_view, 3> kStorageClass = {"STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR"};
inline constexpr std::array<std::string_view, 3> kS3Compression = {"NONE", "GZIP", "ZSTD"};
inline constexpr std::array<std::string_view, 3> kS3TablesCompression = {"NONE", "ZSTD", "SNAPPY"};
inline constexpr std::array<std::string_view, 1> kPartitionTransform = {"TIME_HOUR"};
inline constexpr std::array<std::string_view, 1> kChannelEncryption = {"KMS"};
}  // namespace values

namespace channel_rules {
inline constexpr Rule kBucketArn{
    .name = "BucketARN", .required = true, .min = 1, .max = 2048, .pattern = &patterns::kBucketArn};
inline constexpr Rule kBucketOwner{
    .name = "ExpectedBucketOwner", .required = true, .min = 12, .max = 12, .pattern = &patterns::kAccount};
inline constexpr Rule kTableName{
    .name = "TableName", .required = true, .min = 1, .max = 255, .pattern = &patterns::kTableName};
inline constexpr Rule kLogGroupName{.name = "LogGroupName", .min = 1, .max = 512, .pattern = &patterns::kLogGroupName};
inline constexpr Rule kLogStreamName{
    .name = "LogStreamName", .min = 1, .max = 512, .pattern = &patterns::kLogStreamName};
}  // namespace channel_rules

}  // namespace forebay::wire::kinesis
