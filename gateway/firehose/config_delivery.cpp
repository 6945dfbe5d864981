#include "gateway/firehose/config_delivery.h"

#include <algorithm>
#include <set>

#include "base/base64.h"
#include "gateway/firehose/compile.h"
#include "gateway/firehose/compile_processing.h"
#include "gateway/firehose/complete_document.h"
#include "wire/kinesis/arn.h"
#include "wire/kinesis/rules.h"
#include "wire/kinesis/validate.h"

namespace forebay::gateway::firehose {
using wire::firehose::ProcessingConfiguration;
using wire::firehose::S3Members;

namespace {
constexpr std::uint64_t kMib = 1u << 20;

/// Roles are part of the documents and not looked at.
std::string role_arn(std::string_view account) {
  return std::string("arn:aws:iam::").append(account).append(":role/forebay");
}

std::string bucket_arn(const std::string& bucket) { return "arn:aws:s3:::" + bucket; }

void set_text(std::optional<std::string>& member, const ConfigTable& table, std::string_view name) {
  if (table.has(name)) member = table.text(name);
}

std::string_view compression_name(std::string_view option) {
  if (option == "gzip") return "GZIP";
  if (option == "zip") return "ZIP";
  if (option == "snappy") return "Snappy";
  if (option == "hadoop_snappy") return "HADOOP_SNAPPY";
  if (option == "zstd") return "ZSTD";
  return "UNCOMPRESSED";
}

/// Both hints, the one that is not given from its default.
template <class Hints>
Result<void> take_hints(const ConfigTable& table, std::optional<Hints>& out, std::int32_t size_mib,
                        std::int32_t seconds) {
  if (!table.has("buffer_size") && !table.has("buffer_interval")) return {};
  out.emplace();
  out->size_in_mbs = size_mib;
  out->interval_in_seconds = seconds;
  if (table.has("buffer_size")) {
    if (table.size("buffer_size") % kMib != 0) return table.problem("buffer_size", "must be whole MiB");
    out->size_in_mbs = static_cast<std::int32_t>(table.size("buffer_size") / kMib);
  }
  if (table.has("buffer_interval")) {
    if (table.duration("buffer_interval").count() % 1000 != 0)
      return table.problem("buffer_interval", "must be whole seconds");
    out->interval_in_seconds = static_cast<std::int32_t>(table.duration("buffer_interval").count() / 1000);
  }
  return {};
}

void add_processor(ProcessingConfiguration& out, std::string_view type,
                   std::vector<std::pair<std::string_view, std::string>> parameters) {
  auto& processor = out.processors->emplace_back();
  processor.type = type;
  auto& list = processor.parameters.emplace();
  for (auto& [name, value] : parameters) {
    auto& parameter = list.emplace_back();
    parameter.name = name;
    parameter.value = std::move(value);
  }
}

Result<ProcessingConfiguration> processing_of(const ConfigTable& table) {
  ProcessingConfiguration out;
  out.processors.emplace();
  if (table.boolean("decompress")) add_processor(out, "Decompression", {{"CompressionFormat", "GZIP"}});
  if (table.boolean("log_messages")) add_processor(out, "CloudWatchLogProcessing", {{"DataMessageExtraction", "true"}});
  const std::string& sub_records = table.text("sub_records");
  if ((sub_records == "delimited") != table.has("sub_record_delimiter"))
    return table.problem("sub_record_delimiter", "belongs to sub_records = \"delimited\"; give both or none");
  if (sub_records == "json") add_processor(out, "RecordDeAggregation", {{"SubRecordType", "JSON"}});
  if (sub_records == "delimited")
    add_processor(
        out, "RecordDeAggregation",
        {{"SubRecordType", "DELIMITED"}, {"Delimiter", to_base64(as_bytes(table.text("sub_record_delimiter")))}});
  if (table.has("partition_query"))
    add_processor(out, "MetadataExtraction",
                  {{"MetadataExtractionQuery", table.text("partition_query")}, {"JsonParsingEngine", "JQ-1.6"}});
  if (table.has("delimiter") && !table.text("delimiter").empty())
    add_processor(out, "AppendDelimiterToRecord", {{"Delimiter", escaped_delimiter(table.text("delimiter"))}});
  out.enabled = !out.processors->empty();
  return out;
}

void take_s3(const ConfigTable& table, std::string_view account, S3Members& out) {
  out.role_arn = role_arn(account);
  out.bucket_arn = bucket_arn(table.text("bucket"));
  set_text(out.prefix, table, "prefix");
  set_text(out.error_output_prefix, table, "error_prefix");
  out.compression_format = compression_name(table.text("compression"));
}

void take_conversion(const ConfigTable& table, ExtendedS3& out) {
  auto& conversion = out.data_format_conversion_configuration.emplace();
  conversion.enabled = true;
  conversion.schema_configuration.emplace().table_name = table.text("schema");
  conversion.input_format_configuration.emplace().deserializer.emplace().open_x_json.emplace();
  auto& parquet = conversion.output_format_configuration.emplace().serializer.emplace().parquet.emplace();
  std::string name = table.text("parquet_compression");
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  parquet.compression = name == "NONE" ? "UNCOMPRESSED" : name;
}

void take_backup(const ConfigTable& table, std::string_view account, ExtendedS3& out) {
  out.s3_backup_mode = "Enabled";
  auto& backup = out.s3_backup.emplace();
  backup.role_arn = role_arn(account);
  backup.bucket_arn = bucket_arn(table.text("backup_bucket"));
  set_text(backup.prefix, table, "backup_prefix");
}

Result<ExtendedS3> extended_of(const ConfigTable& table, std::string_view account) {
  ExtendedS3 out;
  take_s3(table, account, out);
  const bool partitions = table.has("partition_query");
  FB_CHECK(take_hints(table, out.buffering_hints, table.has("schema") ? 128 : partitions ? 64 : 5, 300));
  FB_TRY(out.processing_configuration, processing_of(table));
  out.dynamic_partitioning_configuration.emplace().enabled = partitions;
  set_text(out.file_extension, table, "file_extension");
  set_text(out.custom_time_zone, table, "time_zone");
  if (table.has("schema")) take_conversion(table, out);
  if (table.has("backup_bucket")) take_backup(table, account, out);
  return out;
}

Result<HttpEndpoint> http_of(const ConfigTable& table, std::string_view account) {
  HttpEndpoint out;
  auto& endpoint = out.endpoint_configuration.emplace();
  endpoint.url = table.text("url");
  set_text(endpoint.access_key, table, "access_key");
  const bool protocol = endpoint.url->starts_with("http");
  FB_CHECK(take_hints(table, out.buffering_hints, protocol ? 5 : 1, protocol ? 300 : 0));
  FB_TRY(out.processing_configuration, processing_of(table));
  auto& request = out.request_configuration.emplace();
  request.content_encoding = table.boolean("gzip_requests") ? "GZIP" : "NONE";
  for (const std::string& pair : table.list("attributes")) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) return table.problem("attributes", "must be pairs \"NAME=VALUE\"");
    if (!request.common_attributes) request.common_attributes.emplace();
    auto& attribute = request.common_attributes->emplace_back();
    attribute.name = pair.substr(0, equals);
    attribute.value = pair.substr(equals + 1);
  }
  out.retry_options.emplace().duration_in_seconds = static_cast<std::int32_t>(table.duration("retry").count() / 1000);
  out.s3_backup_mode = table.boolean("backup_all") ? "AllData" : "FailedDataOnly";
  take_s3(table, account, out.s3.emplace());
  return out;
}

Result<void> take_source(const ConfigTable& table, std::string_view account, std::string_view region,
                         DeliveryDocument& out) {
  if (table.boolean("from_start")) out.from_start = true;
  if (!table.has("stream")) return {};
  if (!wire::kinesis::patterns::kName.matches(table.text("stream")))
    return table.problem("stream", "must be letters, digits, '_', '.' and '-'");
  wire::kinesis::StreamArn arn;
  arn.region = region;
  arn.account = account;
  arn.name = table.text("stream");
  auto& source = out.kinesis_stream.emplace();
  source.kinesis_stream_arn = to_string(arn);
  source.role_arn = role_arn(account);
  return {};
}

Result<DeliveryDocument> document_of(const ConfigTable& table, std::string_view account, std::string_view region) {
  DeliveryDocument out;
  FB_CHECK(take_source(table, account, region, out));
  if (table.has("url")) {
    FB_TRY(out.http_endpoint, http_of(table, account));
  } else {
    FB_TRY(out.extended_s3, extended_of(table, account));
    if (table.given("partitions_max")) out.partitions_max = static_cast<std::int32_t>(table.integer("partitions_max"));
  }
  return out;
}

/// The rules of the API hold for the configuration too.
Result<void> check_rules(const ConfigTable& table, const DeliveryDocument& document) {
  const auto fault = document.http_endpoint ? wire::kinesis::validate(*document.http_endpoint)
                                            : wire::kinesis::validate(*document.extended_s3);
  if (!fault) return {};
  return table.problem("name", "in the words of the Firehose API: " + fault->message);
}

Result<ConfiguredDelivery> configured(const ConfigTable& table, const DeclaredSchemas& schemas,
                                      std::string_view account, std::string_view region) {
  ConfiguredDelivery out;
  out.name = table.text("name");
  if (!wire::kinesis::patterns::kName.matches(out.name))
    return table.problem("name", "must be letters, digits, '_', '.' and '-'");
  FB_TRY(DeliveryDocument document, document_of(table, account, region));
  FB_CHECK(check_rules(table, document));
  if (auto done = complete_document(document, schemas); !done) return table.problem("name", done.error().context);
  auto definition = compile_document(out.name, document);
  if (!definition) return table.problem("name", definition.error().context);
  out.definition = *std::move(definition);
  out.document = document_text(document);
  return out;
}
}  // namespace

Result<DeclaredSchemas> declared_schemas(const Config& config) {
  DeclaredSchemas out;
  for (const ConfigTable& table : config.tables("delivery_schema")) {
    std::vector<delivery::Column> columns;
    for (const std::string& text : table.list("columns")) {
      const std::size_t blank = text.find(' ');
      if (blank == std::string::npos || blank == 0 || blank + 1 == text.size())
        return table.problem("columns", "\"" + text + "\" must be a name, a blank and a type");
      columns.push_back({text.substr(0, blank), text.substr(blank + 1)});
    }
    if (!out.emplace(table.text("name"), std::move(columns)).second)
      return table.problem("name", "two schemas are called " + table.text("name"));
  }
  return out;
}

Result<std::vector<ConfiguredDelivery>> configured_deliveries(const Config& config, const DeclaredSchemas& schemas,
                                                              std::string_view account, std::string_view region) {
  std::vector<ConfiguredDelivery> out;
  std::set<std::string> names;
  for (const ConfigTable& table : config.tables("delivery_stream")) {
    FB_TRY(ConfiguredDelivery one, configured(table, schemas, account, region));
    if (!names.insert(one.name).second) return table.problem("name", "two delivery streams are called " + one.name);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace forebay::gateway::firehose
