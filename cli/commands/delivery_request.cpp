#include "cli/commands/delivery_request.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace forebay::cli {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kSizeMib = 5;
constexpr std::int64_t kPartitionedSizeMib = 64;  // the least that Firehose takes
constexpr const char* kErrorPrefix = "errors/!{firehose:error-output-type}/";
constexpr std::size_t kAccessKeyBytesMax = 4096;

/// The gateway checks signatures, not roles; the API wants one in its form.
std::string role_arn(const std::string& stream_arn) {
  std::string account = "000000000000";
  std::size_t begin = 0;
  for (int colons = 0; colons < 4 && begin != std::string::npos; ++colons) {
    begin = stream_arn.find(':', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (!stream_arn.empty() && begin != std::string::npos) {
    const std::string found = stream_arn.substr(begin, stream_arn.find(':', begin) - begin);
    if (found.size() == account.size()) account = found;
  }
  return "arn:aws:iam::" + account + ":role/forebay-delivery";
}

const char* compression_name(const std::string& flag) {
  if (flag == "gzip") return "GZIP";
  if (flag == "zip") return "ZIP";
  if (flag == "snappy") return "Snappy";
  if (flag == "hadoop-snappy") return "HADOOP_SNAPPY";
  if (flag == "zstd") return "ZSTD";
  return "UNCOMPRESSED";
}

Result<std::pair<std::string, std::string>> name_and_value(const char* flag, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return Error{Errc::invalid_argument, std::string(flag) + " " + text + ": write NAME=VALUE"};
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

Json processor(const char* type, const std::vector<std::pair<const char*, std::string>>& parameters) {
  Json out{{"Type", type}, {"Parameters", Json::array()}};
  for (const auto& [name, value] : parameters)
    out["Parameters"].push_back(Json{{"ParameterName", name}, {"ParameterValue", value}});
  return out;
}

Json processors_of(const DeliveryCreateFlags& flags) {
  Json out = Json::array();
  if (!flags.partition_by.empty())
    out.push_back(processor("MetadataExtraction",
                            {{"MetadataExtractionQuery", flags.partition_by}, {"JsonParsingEngine", "JQ-1.6"}}));
  if (flags.newline) out.push_back(processor("AppendDelimiterToRecord", {{"Delimiter", "\\n"}}));
  return out;
}

Json hints_of(const DeliveryCreateFlags& flags) {
  std::int64_t size = flags.partition_by.empty() ? kSizeMib : kPartitionedSizeMib;
  if (flags.buffer_size_mib > 0) size = flags.buffer_size_mib;
  return Json{{"SizeInMBs", size}, {"IntervalInSeconds", flags.buffer_interval_seconds}};
}

/// What plain and extended S3 destinations share.
Json bucket_of(const DeliveryCreateFlags& flags, const std::string& role) {
  Json out{{"RoleARN", role},
           {"BucketARN", "arn:aws:s3:::" + flags.bucket},
           {"BufferingHints", hints_of(flags)},
           {"CompressionFormat", compression_name(flags.compression)}};
  if (!flags.prefix.empty()) out["Prefix"] = flags.prefix;
  const bool needs_errors = !flags.partition_by.empty() || flags.prefix.find("!{") != std::string::npos;
  if (!flags.error_prefix.empty())
    out["ErrorOutputPrefix"] = flags.error_prefix;
  else if (needs_errors)
    out["ErrorOutputPrefix"] = kErrorPrefix;
  return out;
}

Json s3_destination(const DeliveryCreateFlags& flags, const std::string& role) {
  Json out = bucket_of(flags, role);
  if (!flags.file_extension.empty()) out["FileExtension"] = flags.file_extension;
  if (!flags.time_zone.empty()) out["CustomTimeZone"] = flags.time_zone;
  if (!flags.partition_by.empty()) out["DynamicPartitioningConfiguration"] = Json{{"Enabled", true}};
  if (Json processors = processors_of(flags); !processors.empty())
    out["ProcessingConfiguration"] = Json{{"Enabled", true}, {"Processors", std::move(processors)}};
  return out;
}

Result<std::string> read_access_key(const std::string& path, FileSystem& files) {
  FB_TRY(const Buffer bytes, read_file(files, path, kAccessKeyBytesMax));
  std::string key(as_text(bytes));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.empty()) return Error{Errc::invalid_argument, "--access-key-file " + path + ": the file is empty"};
  return key;
}

Result<Json> http_destination(const DeliveryCreateFlags& flags, const std::string& role, FileSystem& files) {
  if (!flags.file_extension.empty() || !flags.time_zone.empty() || !flags.partition_by.empty())
    return Error{Errc::invalid_argument,
                 "--file-extension, --time-zone and --partition-by are for objects in a bucket, not for --url"};
  Json endpoint{{"Url", flags.url}, {"Name", flags.name}};
  if (!flags.access_key_file.empty()) {
    FB_TRY(endpoint["AccessKey"], read_access_key(flags.access_key_file, files));
  }
  Json attributes = Json::array();
  for (const std::string& text : flags.attributes) {
    FB_TRY(const auto pair, name_and_value("--attribute", text));
    attributes.push_back(Json{{"AttributeName", pair.first}, {"AttributeValue", pair.second}});
  }
  // Sinks of other kinds than HTTP endpoints refuse these, so they are sent only when they were asked for.
  Json request = Json::object();
  if (flags.gzip_requests) request["ContentEncoding"] = "GZIP";
  if (!attributes.empty()) request["CommonAttributes"] = std::move(attributes);
  Json out{{"EndpointConfiguration", std::move(endpoint)},
           {"BufferingHints", hints_of(flags)},
           {"RoleARN", role},
           {"RetryOptions", Json{{"DurationInSeconds", flags.retry_seconds}}},
           {"S3BackupMode", flags.backup_all ? "AllData" : "FailedDataOnly"},
           {"S3Configuration", bucket_of(flags, role)}};
  if (!request.empty()) out["RequestConfiguration"] = std::move(request);
  if (Json processors = processors_of(flags); !processors.empty())
    out["ProcessingConfiguration"] = Json{{"Enabled", true}, {"Processors", std::move(processors)}};
  return out;
}

}  // namespace

Result<Json> delivery_request(const DeliveryCreateFlags& flags, const std::string& stream_arn, FileSystem& files) {
  if (flags.bucket.empty())
    return Error{Errc::invalid_argument, flags.url.empty()
                                             ? "--bucket is missing: where do the objects go?"
                                             : "--bucket is missing: records that the endpoint refuses go there"};
  const std::string role = role_arn(stream_arn);
  Json out{{"DeliveryStreamName", flags.name},
           {"DeliveryStreamType", stream_arn.empty() ? "DirectPut" : "KinesisStreamAsSource"}};
  if (!stream_arn.empty())
    out["KinesisStreamSourceConfiguration"] = Json{{"KinesisStreamARN", stream_arn}, {"RoleARN", role}};
  if (flags.url.empty()) {
    out["ExtendedS3DestinationConfiguration"] = s3_destination(flags, role);
  } else {
    FB_TRY(out["HttpEndpointDestinationConfiguration"], http_destination(flags, role, files));
  }
  for (const std::string& text : flags.tags) {
    FB_TRY(const auto pair, name_and_value("--tag", text));
    out["Tags"].push_back(Json{{"Key", pair.first}, {"Value", pair.second}});
  }
  return out;
}

}  // namespace forebay::cli
