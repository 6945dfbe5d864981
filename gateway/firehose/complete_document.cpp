#include "gateway/firehose/complete_document.h"

namespace forebay::gateway::firehose {
using wire::firehose::DataFormatConversionConfiguration;
using wire::firehose::S3Members;

namespace {
constexpr std::int32_t kBufferMib = 5;
constexpr std::int32_t kPartitionedBufferMib = 64;
constexpr std::int32_t kConvertedBufferMib = 128;
constexpr std::int32_t kBufferSeconds = 300;
constexpr std::int32_t kRetrySeconds = 300;

template <class T, class Value>
void set_default(std::optional<T>& member, Value value) {
  if (!member) member = std::move(value);
}

template <class Hints>
Result<void> complete_hints(std::optional<Hints>& hints, std::int32_t size_mib, std::int32_t seconds) {
  if (!hints) hints.emplace();
  if (hints->size_in_mbs.has_value() != hints->interval_in_seconds.has_value())
    return Error{Errc::invalid_argument,
                 "BufferingHints: SizeInMBs and IntervalInSeconds belong together; give both or "
                 "none."};
  set_default(hints->size_in_mbs, size_mib);
  set_default(hints->interval_in_seconds, seconds);
  return {};
}

void complete_logging(std::optional<wire::firehose::CloudWatchLoggingOptions>& options) {
  if (!options) options.emplace();
  set_default(options->enabled, false);
}

void complete_processing(std::optional<wire::firehose::ProcessingConfiguration>& processing) {
  if (!processing) processing.emplace();
  set_default(processing->enabled, false);
  if (!processing->processors) processing->processors.emplace();
}

Result<void> complete_s3(S3Members& s3, std::int32_t size_mib) {
  FB_CHECK(complete_hints(s3.buffering_hints, size_mib, kBufferSeconds));
  set_default(s3.compression_format, "UNCOMPRESSED");
  if (!s3.encryption_configuration) s3.encryption_configuration.emplace().no_encryption_config = "NoEncryption";
  complete_logging(s3.cloud_watch_logging_options);
  return {};
}

bool converts(const ExtendedS3& s3) {
  return s3.data_format_conversion_configuration && s3.data_format_conversion_configuration->enabled.value_or(true);
}

bool partitions(const ExtendedS3& s3) {
  return s3.dynamic_partitioning_configuration && s3.dynamic_partitioning_configuration->enabled.value_or(false);
}

Result<std::vector<SchemaColumn>> columns_of(const DataFormatConversionConfiguration& conversion,
                                             const DeclaredSchemas& schemas) {
  const auto& schema = conversion.schema_configuration;
  if (!schema || !schema->table_name)
    return Error{Errc::invalid_argument,
                 "DataFormatConversionConfiguration: SchemaConfiguration.TableName must name a "
                 "schema that [[delivery_schema]] of the gateway's configuration declares."};
  const auto found = schemas.find(*schema->table_name);
  if (found == schemas.end())
    return Error{Errc::invalid_argument,
                 "SchemaConfiguration.TableName: no [[delivery_schema]] of the gateway's "
                 "configuration declares " +
                     *schema->table_name + "; there is no Glue catalogue here."};
  std::vector<SchemaColumn> columns;
  for (const delivery::Column& column : found->second) columns.push_back({column.name, column.type});
  return columns;
}

Result<void> complete_extended(DeliveryDocument& document, const DeclaredSchemas& schemas) {
  ExtendedS3& s3 = *document.extended_s3;
  const std::int32_t size = converts(s3) ? kConvertedBufferMib : partitions(s3) ? kPartitionedBufferMib : kBufferMib;
  FB_CHECK(complete_s3(s3, size));
  complete_processing(s3.processing_configuration);
  set_default(s3.s3_backup_mode, "Disabled");
  if (s3.s3_backup) {
    FB_CHECK(complete_s3(*s3.s3_backup, kBufferMib));
  }
  if (!s3.data_format_conversion_configuration) s3.data_format_conversion_configuration.emplace().enabled = false;
  set_default(s3.data_format_conversion_configuration->enabled, true);
  if (!s3.dynamic_partitioning_configuration) s3.dynamic_partitioning_configuration.emplace().enabled = false;
  auto& partitioning = *s3.dynamic_partitioning_configuration;
  set_default(partitioning.enabled, false);
  if (*partitioning.enabled && !partitioning.retry_options)
    partitioning.retry_options.emplace().duration_in_seconds = kRetrySeconds;
  set_default(s3.file_extension, "");
  if (s3.custom_time_zone.value_or("").empty()) s3.custom_time_zone = "UTC";
  if (!converts(s3)) {
    document.columns.reset();
  } else if (!document.columns) {
    FB_TRY(document.columns, columns_of(*s3.data_format_conversion_configuration, schemas));
  }
  return {};
}

/// Firehose's own protocol buffers; the other kinds of sink send at once.
Result<void> complete_http(HttpEndpoint& http) {
  const std::string& url = *http.endpoint_configuration->url;
  const bool endpoint = url.starts_with("https:") || url.starts_with("http:");
  FB_CHECK(complete_hints(http.buffering_hints, endpoint ? kBufferMib : 1, endpoint ? kBufferSeconds : 0));
  complete_logging(http.cloud_watch_logging_options);
  complete_processing(http.processing_configuration);
  if (!http.request_configuration) http.request_configuration.emplace();
  set_default(http.request_configuration->content_encoding, "NONE");
  if (!http.request_configuration->common_attributes) http.request_configuration->common_attributes.emplace();
  if (!http.retry_options) http.retry_options.emplace();
  set_default(http.retry_options->duration_in_seconds, kRetrySeconds);
  set_default(http.s3_backup_mode, "FailedDataOnly");
  if (!http.secrets_manager_configuration) http.secrets_manager_configuration.emplace();
  set_default(http.secrets_manager_configuration->enabled, false);
  return complete_s3(*http.s3, kBufferMib);
}

}  // namespace

Result<void> complete_document(DeliveryDocument& document, const DeclaredSchemas& schemas) {
  if (document.extended_s3) return complete_extended(document, schemas);
  return complete_http(*document.http_endpoint);
}

}  // namespace forebay::gateway::firehose
