#pragma once

#include "wire/firehose/rules.h"

/// Conversion of JSON records to columns.
namespace forebay::wire::firehose {

struct SchemaConfiguration {
  static constexpr std::string_view kShape = "SchemaConfiguration";
  std::optional<std::string> role_arn;
  std::optional<std::string> catalog_id;
  std::optional<std::string> database_name;
  std::optional<std::string> table_name;
  std::optional<std::string> region;
  std::optional<std::string> version_id;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kCatalogName.named("RoleARN"), self.role_arn);
    visit(rules::kCatalogName.named("CatalogId"), self.catalog_id);
    visit(rules::kCatalogName.named("DatabaseName"), self.database_name);
    visit(rules::kCatalogName, self.table_name);
    visit(rules::kCatalogName.named("Region"), self.region);
    visit(rules::kCatalogName.named("VersionId"), self.version_id);
  }
  friend bool operator==(const SchemaConfiguration&, const SchemaConfiguration&) = default;
};

struct OpenXJsonSerDe {
  static constexpr std::string_view kShape = "OpenXJsonSerDe";
  std::optional<bool> convert_dots_in_json_keys_to_underscores;
  std::optional<bool> case_insensitive;
  std::optional<StringMap> column_to_json_key_mappings;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ConvertDotsInJsonKeysToUnderscores"}, self.convert_dots_in_json_keys_to_underscores);
    visit(Rule{.name = "CaseInsensitive"}, self.case_insensitive);
    visit(Rule{.name = "ColumnToJsonKeyMappings", .map_key = {1, 1024}, .map_value = {1, 1024}},
          self.column_to_json_key_mappings);
  }
  friend bool operator==(const OpenXJsonSerDe&, const OpenXJsonSerDe&) = default;
};

struct HiveJsonSerDe {
  static constexpr std::string_view kShape = "HiveJsonSerDe";
  std::optional<std::vector<std::string>> timestamp_formats;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "TimestampFormats", .element = {1, 1024}}, self.timestamp_formats);
  }
  friend bool operator==(const HiveJsonSerDe&, const HiveJsonSerDe&) = default;
};

struct Deserializer {
  static constexpr std::string_view kShape = "Deserializer";
  std::optional<OpenXJsonSerDe> open_x_json;
  std::optional<HiveJsonSerDe> hive_json;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "OpenXJsonSerDe"}, self.open_x_json);
    visit(Rule{.name = "HiveJsonSerDe"}, self.hive_json);
  }
  friend bool operator==(const Deserializer&, const Deserializer&) = default;
};

struct InputFormatConfiguration {
  static constexpr std::string_view kShape = "InputFormatConfiguration";
  std::optional<Deserializer> deserializer;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Deserializer"}, self.deserializer);
  }
  friend bool operator==(const InputFormatConfiguration&, const InputFormatConfiguration&) = default;
};

struct ParquetSerDe {
  static constexpr std::string_view kShape = "ParquetSerDe";
  std::optional<std::int32_t> block_size_bytes;
  std::optional<std::int32_t> page_size_bytes;
  std::optional<std::string> compression;
  std::optional<bool> enable_dictionary_compression;
  std::optional<std::int32_t> max_padding_bytes;
  std::optional<std::string> writer_version;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "BlockSizeBytes", .min = 67'108'864}, self.block_size_bytes);
    visit(Rule{.name = "PageSizeBytes", .min = 65'536}, self.page_size_bytes);
    visit(Rule{.name = "Compression", .values = values::kParquetCompression}, self.compression);
    visit(Rule{.name = "EnableDictionaryCompression"}, self.enable_dictionary_compression);
    visit(Rule{.name = "MaxPaddingBytes", .min = 0}, self.max_padding_bytes);
    visit(Rule{.name = "WriterVersion", .values = values::kParquetVersion}, self.writer_version);
  }
  friend bool operator==(const ParquetSerDe&, const ParquetSerDe&) = default;
};

/// Refused wherever it stands, so its members are not read.
struct OrcSerDe {
  static constexpr std::string_view kShape = "OrcSerDe";

  template <class Self, class Visitor>
  static void describe(Self&, Visitor&&) {}
  friend bool operator==(const OrcSerDe&, const OrcSerDe&) = default;
};

struct Serializer {
  static constexpr std::string_view kShape = "Serializer";
  std::optional<ParquetSerDe> parquet;
  std::optional<OrcSerDe> orc;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ParquetSerDe"}, self.parquet);
    visit(Rule{.name = "OrcSerDe"}, self.orc);
  }
  friend bool operator==(const Serializer&, const Serializer&) = default;
};

struct OutputFormatConfiguration {
  static constexpr std::string_view kShape = "OutputFormatConfiguration";
  std::optional<Serializer> serializer;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Serializer"}, self.serializer);
  }
  friend bool operator==(const OutputFormatConfiguration&, const OutputFormatConfiguration&) = default;
};

struct DataFormatConversionConfiguration {
  static constexpr std::string_view kShape = "DataFormatConversionConfiguration";
  std::optional<SchemaConfiguration> schema_configuration;
  std::optional<InputFormatConfiguration> input_format_configuration;
  std::optional<OutputFormatConfiguration> output_format_configuration;
  std::optional<bool> enabled;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "SchemaConfiguration"}, self.schema_configuration);
    visit(Rule{.name = "InputFormatConfiguration"}, self.input_format_configuration);
    visit(Rule{.name = "OutputFormatConfiguration"}, self.output_format_configuration);
    visit(Rule{.name = "Enabled"}, self.enabled);
  }
  friend bool operator==(const DataFormatConversionConfiguration&, const DataFormatConversionConfiguration&) = default;
};

}  // namespace forebay::wire::firehose
