#pragma once

#include <array>

#include "wire/firehose/shape.h"
#include "wire/kinesis/rules.h"

/// Members that many messages share (kinesis 6).
namespace forebay::wire::firehose {

inline constexpr std::int64_t kDataBytesMax = 1'024'000;
inline constexpr std::int64_t kRecordsMax = 500;
inline constexpr std::int64_t kTagsMax = 50;

namespace patterns {
extern const Pattern kAny;            ///< .*
extern const Pattern kNotBlank;       ///< ^(?!\s*$).+
extern const Pattern kNoBlanks;       ///< ^\S+$
extern const Pattern kRoleArn;        ///< arn:.*:iam::\d{12}:role/...
extern const Pattern kBucketArn;      ///< arn:.*:s3:::[\w\.\-]{1,255}
extern const Pattern kKeyArn;         ///< arn:.*:kms:REGION:\d{12}:(key|alias)/...
extern const Pattern kStreamArn;      ///< arn:.*:kinesis:REGION:\d{12}:stream/NAME
extern const Pattern kSecretArn;      ///< arn:.*:secretsmanager:REGION:\d{12}:secret:...
extern const Pattern kLogGroupName;   ///< [\.\-_/#A-Za-z0-9]*
extern const Pattern kLogStreamName;  ///< [^:*]*
extern const Pattern kFileExtension;  ///< ^$|\.[0-9a-z!\-_.*'()]+
extern const Pattern kTimeZone;       ///< ^$|[a-zA-Z/_]+
extern const Pattern kVersionId;      ///< [0-9]+
extern const Pattern kDestinationId;  ///< [a-zA-Z0-9-]+
extern const Pattern kTagKey;
extern const Pattern kTagValue;
}  // namespace patterns

namespace values {
inline constexpr std::array<std::string_view, 4> kType = {"DirectPut", "KinesisStreamAsSource", "MSKAsSource",
                                                          "DatabaseAsSource"};
inline constexpr std::array<std::string_view, 2> kKeyType = {"AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"};
/// ZSTD is this service's own, here and in Parquet.
inline constexpr std::array<std::string_view, 6> kCompression = {"UNCOMPRESSED", "GZIP",          "ZIP",
                                                                 "Snappy",       "HADOOP_SNAPPY", "ZSTD"};
inline constexpr std::array<std::string_view, 1> kNoEncryption = {"NoEncryption"};
inline constexpr std::array<std::string_view, 2> kS3BackupMode = {"Disabled", "Enabled"};
inline constexpr std::array<std::string_view, 2> kHttpBackupMode = {"FailedDataOnly", "AllData"};
inline constexpr std::array<std::string_view, 2> kContentEncoding = {"NONE", "GZIP"};
inline constexpr std::array<std::string_view, 4> kParquetCompression = {"UNCOMPRESSED", "GZIP", "SNAPPY", "ZSTD"};
inline constexpr std::array<std::string_view, 2> kParquetVersion = {"V1", "V2"};
inline constexpr std::array<std::string_view, 6> kProcessorType = {
    "RecordDeAggregation", "Decompression",          "CloudWatchLogProcessing", "Lambda",
    "MetadataExtraction",  "AppendDelimiterToRecord"};
inline constexpr std::array<std::string_view, 11> kProcessorParameter = {
    "LambdaArn", "NumberOfRetries",   "MetadataExtractionQuery", "JsonParsingEngine",
    "RoleArn",   "BufferSizeInMBs",   "BufferIntervalInSeconds", "SubRecordType",
    "Delimiter", "CompressionFormat", "DataMessageExtraction"};
}  // namespace values

namespace rules {
inline constexpr Rule kName{
    .name = "DeliveryStreamName", .required = true, .min = 1, .max = 64, .pattern = &kinesis::patterns::kName};
inline constexpr Rule kType{.name = "DeliveryStreamType", .values = values::kType};
inline constexpr Rule kRoleArn{.name = "RoleARN", .min = 1, .max = 512, .pattern = &patterns::kRoleArn};
inline constexpr Rule kStreamArn{.name = "KinesisStreamARN", .min = 1, .max = 512, .pattern = &patterns::kStreamArn};
inline constexpr Rule kBucketArn{.name = "BucketARN", .min = 1, .max = 2048, .pattern = &patterns::kBucketArn};
inline constexpr Rule kKeyArn{.name = "KeyARN", .min = 1, .max = 512, .pattern = &patterns::kKeyArn};
inline constexpr Rule kPrefix{.name = "Prefix", .min = 0, .max = 1024, .pattern = &patterns::kAny};
inline constexpr Rule kThroughputHint{.name = "ThroughputHintInMBs", .min = 1, .max = 100};
inline constexpr Rule kRetrySeconds{.name = "DurationInSeconds", .min = 0, .max = 7200};
inline constexpr Rule kTagKey{.name = "Key", .min = 1, .max = 128, .pattern = &patterns::kTagKey};
inline constexpr Rule kTagValue{.name = "Value", .min = 0, .max = 256, .pattern = &patterns::kTagValue};
inline constexpr Rule kTags{.name = "Tags", .min = 1, .max = kTagsMax};
inline constexpr Rule kDestinationId{
    .name = "DestinationId", .min = 1, .max = 100, .pattern = &patterns::kDestinationId};
inline constexpr Rule kVersionId{.name = "VersionId", .min = 1, .max = 50, .pattern = &patterns::kVersionId};
/// A member of the Glue catalogue's address of a schema.
inline constexpr Rule kCatalogName{.name = "TableName", .min = 1, .max = 1024, .pattern = &patterns::kNoBlanks};
}  // namespace rules

}  // namespace forebay::wire::firehose
