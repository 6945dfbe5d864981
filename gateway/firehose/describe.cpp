#include "gateway/firehose/describe.h"

#include "gateway/firehose/access.h"
#include "gateway/firehose/encryption.h"

namespace forebay::gateway::firehose {
using wire::firehose::Form;
using wire::firehose::S3Members;

namespace {
using S3Description = wire::firehose::S3Destination<Form::description>;

S3Description describe_s3(const S3Members& s3) {
  S3Description out;
  static_cast<S3Members&>(out) = s3;
  return out;
}

wire::firehose::ExtendedS3Destination<Form::description> describe_extended(const ExtendedS3& s3) {
  wire::firehose::ExtendedS3Destination<Form::description> out;
  static_cast<S3Members&>(out) = s3;
  out.processing_configuration = s3.processing_configuration;
  out.s3_backup_mode = s3.s3_backup_mode;
  if (s3.s3_backup) out.s3_backup = describe_s3(*s3.s3_backup);
  out.data_format_conversion_configuration = s3.data_format_conversion_configuration;
  out.dynamic_partitioning_configuration = s3.dynamic_partitioning_configuration;
  out.file_extension = s3.file_extension;
  out.custom_time_zone = s3.custom_time_zone;
  return out;
}

wire::firehose::HttpEndpointDestination<Form::description> describe_http(const HttpEndpoint& http) {
  wire::firehose::HttpEndpointDestination<Form::description> out;
  out.endpoint_configuration.emplace().url = http.endpoint_configuration->url;
  out.endpoint_configuration->name = http.endpoint_configuration->name;
  out.buffering_hints = http.buffering_hints;
  out.cloud_watch_logging_options = http.cloud_watch_logging_options;
  out.request_configuration = http.request_configuration;
  out.processing_configuration = http.processing_configuration;
  out.role_arn = http.role_arn;
  out.retry_options = http.retry_options;
  out.s3_backup_mode = http.s3_backup_mode;
  out.s3 = describe_s3(*http.s3);
  out.secrets_manager_configuration = http.secrets_manager_configuration;
  return out;
}

wire::firehose::SourceDescription describe_source(const delivery::DeliveryInfo& info,
                                                  const DeliveryDocument& document) {
  wire::firehose::SourceDescription out;
  if (document.kinesis_stream) {
    auto& source = out.kinesis_stream.emplace();
    source.kinesis_stream_arn = document.kinesis_stream->kinesis_stream_arn;
    source.role_arn = document.kinesis_stream->role_arn;
    source.delivery_start_timestamp = info.created;
  } else if (document.direct_put) {
    out.direct_put.emplace().throughput_hint_in_mbs = document.direct_put->throughput_hint_in_mbs;
  }
  return out;
}
}  // namespace

wire::firehose::DeliveryStreamDescription description_of(const Call& call, const delivery::DeliveryInfo& info,
                                                         const DeliveryDocument& document) {
  wire::firehose::DeliveryStreamDescription out;
  out.name = info.name;
  out.arn = arn_of(call, info.name);
  out.status = "ACTIVE";
  const std::string put_stream = delivery::direct_put_stream(info.name);
  const stream::StreamPtr stream = call.services.streams.find(call.account, put_stream);
  if (stream && !document.kinesis_stream) out.encryption = encryption_of(*stream);
  out.type = type_of(document);
  out.version_id = std::to_string(info.version);
  out.create_timestamp = info.created;
  if (info.version > 1) out.last_update_timestamp = info.updated;
  if (document.kinesis_stream || document.direct_put) out.source = describe_source(info, document);
  auto& destination = out.destinations.emplace_back();
  destination.destination_id = kDestinationId;
  if (document.extended_s3) {
    destination.s3 = describe_s3(*document.extended_s3);
    destination.extended_s3 = describe_extended(*document.extended_s3);
  } else {
    destination.http_endpoint = describe_http(*document.http_endpoint);
  }
  return out;
}

}  // namespace forebay::gateway::firehose
