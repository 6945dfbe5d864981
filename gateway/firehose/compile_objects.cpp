#include "gateway/firehose/compile_objects.h"

#include "gateway/firehose/compile_conversion.h"

namespace forebay::gateway::firehose {
using delivery::Compression;
using delivery::ObjectDestination;
using wire::firehose::S3Members;

namespace {
constexpr std::int32_t kPartitionedSizeMin = 64;

Error wrong(std::string_view member, std::string_view text) {
  return Error{Errc::invalid_argument, std::string(member).append(member.empty() ? "" : ": ").append(text)};
}

Result<Compression> compression_of(std::string_view name, std::string_view member) {
  if (name == "UNCOMPRESSED") return Compression::none;
  if (name == "GZIP") return Compression::gzip;
  if (name == "ZIP") return Compression::zip;
  if (name == "Snappy") return Compression::snappy;
  if (name == "HADOOP_SNAPPY") return Compression::hadoop_snappy;
  if (name == "ZSTD") return Compression::zstd;
  return wrong(member, "CompressionFormat must be UNCOMPRESSED, GZIP, ZIP, Snappy, HADOOP_SNAPPY or ZSTD.");
}

Result<std::string> bucket_of(const S3Members& s3, std::string_view member) {
  const std::string arn = s3.bucket_arn.value_or("");
  const std::size_t at = arn.rfind(":::");
  if (at == std::string::npos || at + 3 == arn.size())
    return wrong(member, "BucketARN must be the ARN of a bucket: arn:aws:s3:::NAME.");
  return arn.substr(at + 3);
}

bool has_expression(std::string_view prefix) { return prefix.find("!{") != std::string_view::npos; }

Result<void> check_members(const S3Members& s3, std::string_view member) {
  const auto& encryption = *s3.encryption_configuration;
  if (encryption.kms_encryption_config)
    return wrong(member,
                 "EncryptionConfiguration: objects are not encrypted by KMS keys from here; set the encryption of "
                 "the bucket in the store, and NoEncryptionConfig here.");
  if (has_expression(s3.prefix.value_or("")) && s3.error_output_prefix.value_or("").empty())
    return wrong(member, "ErrorOutputPrefix must be given when Prefix contains expressions.");
  return {};
}

Result<void> compile_partitions(const ExtendedS3& s3, ObjectDestination& out) {
  out.dynamic_partitioning = s3.dynamic_partitioning_configuration->enabled.value_or(false);
  if (!out.dynamic_partitioning) return {};
  if (s3.error_output_prefix.value_or("").empty())
    return wrong("", "ErrorOutputPrefix must be given with dynamic partitioning.");
  if (s3.buffering_hints->size_in_mbs.value_or(0) < kPartitionedSizeMin)
    return wrong("BufferingHints", "SizeInMBs must be at least 64 with dynamic partitioning.");
  return {};
}

Result<void> compile_parquet(const DeliveryDocument& document, ObjectDestination& out) {
  const ExtendedS3& s3 = *document.extended_s3;
  if (!s3.data_format_conversion_configuration->enabled.value_or(false)) return {};
  if (out.compression != Compression::none)
    return wrong("CompressionFormat",
                 "must be UNCOMPRESSED when record format conversion is enabled; the serializer compresses.");
  FB_TRY(out.parquet, compile_conversion(document));
  return {};
}
}  // namespace

Result<ObjectDestination> compile_objects(const S3Members& s3, std::string_view member) {
  FB_CHECK(check_members(s3, member));
  ObjectDestination out;
  FB_TRY(out.bucket, bucket_of(s3, member));
  out.prefix = s3.prefix.value_or("");
  out.error_prefix = s3.error_output_prefix.value_or("");
  out.buffering.size_mib = static_cast<std::uint32_t>(s3.buffering_hints->size_in_mbs.value_or(0));
  out.buffering.interval_seconds = static_cast<std::uint32_t>(s3.buffering_hints->interval_in_seconds.value_or(0));
  FB_TRY(out.compression, compression_of(s3.compression_format.value_or(""), member));
  return out;
}

Result<ObjectDestination> compile_objects(const DeliveryDocument& document) {
  const ExtendedS3& s3 = *document.extended_s3;
  FB_TRY(ObjectDestination out, compile_objects(s3, ""));
  out.file_extension = s3.file_extension.value_or("");
  out.time_zone = s3.custom_time_zone.value_or("UTC");
  if (document.partitions_max) out.partitions_max = static_cast<std::uint32_t>(*document.partitions_max);
  FB_CHECK(compile_partitions(s3, out));
  FB_CHECK(compile_parquet(document, out));
  return out;
}

}  // namespace forebay::gateway::firehose
