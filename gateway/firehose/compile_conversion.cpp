#include "gateway/firehose/compile_conversion.h"

namespace forebay::gateway::firehose {
using delivery::ParquetConversion;
using wire::firehose::DataFormatConversionConfiguration;

namespace {
constexpr std::int32_t kConvertedSizeMin = 64;

Error wrong(std::string text) {
  return Error{Errc::invalid_argument, "DataFormatConversionConfiguration: " + std::move(text)};
}

Result<void> compile_input(const DataFormatConversionConfiguration& conversion, ParquetConversion& out) {
  const auto& input = conversion.input_format_configuration;
  const bool given = input && input->deserializer;
  const bool open_x = given && input->deserializer->open_x_json.has_value();
  const bool hive = given && input->deserializer->hive_json.has_value();
  if (open_x == hive)
    return wrong("InputFormatConfiguration.Deserializer must hold one of OpenXJsonSerDe and HiveJsonSerDe.");
  if (hive) {
    if (!input->deserializer->hive_json->timestamp_formats.value_or(std::vector<std::string>()).empty())
      return wrong("HiveJsonSerDe.TimestampFormats: only the default forms of timestamps are read.");
    return {};
  }
  const auto& reader = *input->deserializer->open_x_json;
  if (reader.convert_dots_in_json_keys_to_underscores.value_or(false))
    return wrong("OpenXJsonSerDe.ConvertDotsInJsonKeysToUnderscores: keys are taken as they are; it must be false.");
  if (!reader.column_to_json_key_mappings.value_or(wire::kinesis::StringMap()).empty())
    return wrong("OpenXJsonSerDe.ColumnToJsonKeyMappings: columns have the names of their keys; it must be empty.");
  out.case_insensitive = reader.case_insensitive.value_or(true);
  return {};
}

Result<void> compile_output(const DataFormatConversionConfiguration& conversion, ParquetConversion& out) {
  const auto& output = conversion.output_format_configuration;
  if (output && output->serializer && output->serializer->orc)
    return wrong("OrcSerDe: ORC is not written; use ParquetSerDe.");
  if (!output || !output->serializer || !output->serializer->parquet)
    return wrong("OutputFormatConfiguration.Serializer must hold ParquetSerDe.");
  out.compression = output->serializer->parquet->compression.value_or("SNAPPY");
  return {};
}
}  // namespace

Result<ParquetConversion> compile_conversion(const DeliveryDocument& document) {
  const ExtendedS3& s3 = *document.extended_s3;
  const DataFormatConversionConfiguration& conversion = *s3.data_format_conversion_configuration;
  ParquetConversion out;
  FB_CHECK(compile_input(conversion, out));
  FB_CHECK(compile_output(conversion, out));
  if (s3.buffering_hints->size_in_mbs.value_or(0) < kConvertedSizeMin)
    return wrong("BufferingHints.SizeInMBs must be at least 64.");
  if (!document.columns || document.columns->empty()) return wrong("the schema has no columns.");
  for (const SchemaColumn& column : *document.columns) out.columns.push_back({column.name, column.type});
  return out;
}

}  // namespace forebay::gateway::firehose
