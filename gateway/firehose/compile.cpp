#include "gateway/firehose/compile.h"

#include <algorithm>

#include "gateway/delivery/sinks/sink_url.h"
#include "gateway/firehose/compile_objects.h"
#include "gateway/firehose/compile_processing.h"
#include "gateway/firehose/complete_document.h"
#include "wire/kinesis/arn.h"

namespace forebay::gateway::firehose {
using delivery::DeliveryDefinition;

namespace {
Error wrong(std::string text) { return Error{Errc::invalid_argument, std::move(text)}; }

Result<void> compile_source(std::string_view name, const DeliveryDocument& document, DeliveryDefinition& out) {
  out.from_start = document.from_start.value_or(false);
  out.direct_put = !document.kinesis_stream.has_value();
  if (out.direct_put) {
    out.source_stream = delivery::direct_put_stream(name);
    return {};
  }
  const std::string text = document.kinesis_stream->kinesis_stream_arn.value_or("");
  const auto arn = wire::kinesis::parse_stream_arn(text);  // points into the text
  if (!arn) return wrong("KinesisStreamARN is not the ARN of a stream.");
  out.source_stream = arn->name;
  return {};
}

Result<void> compile_extended(const DeliveryDocument& document, DeliveryDefinition& out) {
  const ExtendedS3& s3 = *document.extended_s3;
  FB_TRY(out.processing, compile_processing(s3.processing_configuration));
  FB_TRY(delivery::ObjectDestination objects, compile_objects(document));
  if (!out.processing.partition_query.empty() && !objects.dynamic_partitioning)
    return wrong("A MetadataExtraction processor needs DynamicPartitioningConfiguration with Enabled true.");
  out.destination = std::move(objects);
  if (s3.s3_backup_mode != "Enabled") return {};
  if (!s3.s3_backup) return wrong("S3BackupMode Enabled needs S3BackupConfiguration.");
  FB_TRY(delivery::ObjectDestination backup, compile_objects(*s3.s3_backup, "S3BackupConfiguration"));
  out.backup.emplace().objects = std::move(backup);
  return {};
}

void add_http_options(const HttpEndpoint& http, delivery::HttpDestination& out) {
  out.name = http.endpoint_configuration->name.value_or("");
  out.access_key = http.endpoint_configuration->access_key.value_or("");
  out.gzip = http.request_configuration->content_encoding == "GZIP";
  for (const auto& attribute : *http.request_configuration->common_attributes)
    out.common_attributes.emplace_back(attribute.name.value_or(""), attribute.value.value_or(""));
}

/// What only an HTTP endpoint can use must not be lost in silence.
Result<void> refuse_http_options(const HttpEndpoint& http) {
  if (http.endpoint_configuration->access_key.value_or("").empty() &&
      http.request_configuration->content_encoding == "NONE" && http.request_configuration->common_attributes->empty())
    return {};
  return wrong(
      "AccessKey, ContentEncoding and CommonAttributes are for HTTP endpoints; a sink of this Url takes what it "
      "needs as parameters of the Url.");
}

Result<void> compile_http(const HttpEndpoint& http, DeliveryDefinition& out) {
  if (http.secrets_manager_configuration->enabled.value_or(false))
    return wrong("SecretsManagerConfiguration: there is no Secrets Manager here; give AccessKey.");
  delivery::RecordDestination destination;
  FB_TRY(destination.sink, delivery::parse_sink_url(http.endpoint_configuration->url.value_or("")));
  if (auto* endpoint = std::get_if<delivery::HttpDestination>(&destination.sink)) {
    add_http_options(http, *endpoint);
  } else {
    FB_CHECK(refuse_http_options(http));
  }
  destination.buffering.size_mib = static_cast<std::uint32_t>(*http.buffering_hints->size_in_mbs);
  destination.buffering.interval_seconds = static_cast<std::uint32_t>(*http.buffering_hints->interval_in_seconds);
  destination.retry_seconds = static_cast<std::uint32_t>(*http.retry_options->duration_in_seconds);
  // A function's window is said in its URL, and so is a longer time to retry than the API has words for.
  if (const auto* function = std::get_if<delivery::FunctionDestination>(&destination.sink)) {
    destination.buffering.interval_seconds = function->window_seconds;
    const auto age_max = static_cast<std::uint32_t>(std::max<std::int64_t>(0, function->record_age_max_seconds));
    destination.retry_seconds = std::max(destination.retry_seconds, age_max);
  }
  FB_TRY(destination.dead_letters.objects, compile_objects(*http.s3, "S3Configuration"));
  destination.dead_letters.all_data = http.s3_backup_mode == "AllData";
  FB_TRY(out.processing, compile_processing(http.processing_configuration));
  out.destination = std::move(destination);
  return {};
}
/// Documents from before this was refused go on as they are.
Result<void> refuse_processors(const DeliveryDocument& document) {
  if (!document.http_endpoint) return {};
  const auto& processing = document.http_endpoint->processing_configuration;
  if (!processing || !processing->enabled.value_or(false) || !processing->processors || processing->processors->empty())
    return {};
  return wrong("Processors are for destinations in buckets; an endpoint gets the records as they were put.");
}

Result<DeliveryDefinition> compile(std::string_view name, const DeliveryDocument& document) {
  DeliveryDefinition definition;
  FB_CHECK(compile_source(name, document, definition));
  if (document.extended_s3) {
    FB_CHECK(compile_extended(document, definition));
  } else {
    FB_CHECK(compile_http(*document.http_endpoint, definition));
  }
  return definition;
}
}  // namespace

Result<DeliveryDefinition> compile_document(std::string_view name, const DeliveryDocument& document) {
  FB_CHECK(refuse_processors(document));
  return compile(name, document);
}

Result<DeliveryDefinition> compile_document(const delivery::DeliveryInfo& info) {
  FB_TRY(DeliveryDocument document, read_document(info));
  // A document of an older version may lack what has become a default since.
  FB_CHECK(complete_document(document, {}));
  return compile(info.name, document);
}

}  // namespace forebay::gateway::firehose
