#include "gateway/firehose/merge.h"

namespace forebay::gateway::firehose {
using wire::firehose::Form;

namespace {
template <class T>
void take(std::optional<T>& into, const std::optional<T>& update) {
  if (update) into = update;
}

void merge_backup(std::optional<S3>& into, const std::optional<wire::firehose::S3Destination<Form::update>>& update) {
  if (!update) return;
  if (!into) into.emplace();
  merge(*into, *update);
}

/// Scheme, host and port; the whole of a URL that is none.
std::string_view origin_of(std::string_view url) {
  const std::size_t host = url.find("//");
  return host == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", host + 2));
}

/// The access key is for the host it was given for: whoever may change the URL alone must not have it sent elsewhere.
void merge_endpoint(HttpEndpoint& into, const wire::firehose::HttpEndpoint<Form::update>& update) {
  if (!into.endpoint_configuration) into.endpoint_configuration.emplace();
  if (update.url && origin_of(*update.url) != origin_of(into.endpoint_configuration->url.value_or("")))
    into.endpoint_configuration->access_key.reset();
  take(into.endpoint_configuration->url, update.url);
  take(into.endpoint_configuration->name, update.name);
  take(into.endpoint_configuration->access_key, update.access_key);
}
}  // namespace

void merge(wire::firehose::S3Members& into, const wire::firehose::S3Members& update) {
  take(into.role_arn, update.role_arn);
  take(into.bucket_arn, update.bucket_arn);
  take(into.prefix, update.prefix);
  take(into.error_output_prefix, update.error_output_prefix);
  take(into.buffering_hints, update.buffering_hints);
  take(into.compression_format, update.compression_format);
  take(into.encryption_configuration, update.encryption_configuration);
  take(into.cloud_watch_logging_options, update.cloud_watch_logging_options);
}

void merge(ExtendedS3& into, const wire::firehose::ExtendedS3Destination<Form::update>& update) {
  merge(static_cast<wire::firehose::S3Members&>(into), update);
  take(into.processing_configuration, update.processing_configuration);
  take(into.s3_backup_mode, update.s3_backup_mode);
  merge_backup(into.s3_backup, update.s3_backup);
  take(into.data_format_conversion_configuration, update.data_format_conversion_configuration);
  take(into.dynamic_partitioning_configuration, update.dynamic_partitioning_configuration);
  take(into.file_extension, update.file_extension);
  take(into.custom_time_zone, update.custom_time_zone);
}

void merge(HttpEndpoint& into, const wire::firehose::HttpEndpointDestination<Form::update>& update) {
  if (update.endpoint_configuration) merge_endpoint(into, *update.endpoint_configuration);
  take(into.buffering_hints, update.buffering_hints);
  take(into.cloud_watch_logging_options, update.cloud_watch_logging_options);
  take(into.request_configuration, update.request_configuration);
  take(into.processing_configuration, update.processing_configuration);
  take(into.role_arn, update.role_arn);
  take(into.retry_options, update.retry_options);
  take(into.s3_backup_mode, update.s3_backup_mode);
  merge_backup(into.s3, update.s3);
  take(into.secrets_manager_configuration, update.secrets_manager_configuration);
}

}  // namespace forebay::gateway::firehose
