// From JSON records to columns, with a module that prints the table it is given instead of writing a file.
#include <gtest/gtest.h>

#include <cstring>

#include "gateway/delivery/objects/hive_value.h"
#include "gateway/delivery/objects/parquet_loader.h"
#include "gateway/delivery/objects/row_format.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::delivery {
namespace {

template <class T>
T load(const forebay_parquet_column& column, std::size_t row) {
  T value;
  EXPECT_LE((row + 1) * sizeof value, column.values_size);
  std::memcpy(&value, column.values + row * sizeof value, sizeof value);
  return value;
}

std::string cell(const forebay_parquet_column& column, std::size_t row) {
  if ((column.valid[row / 8] >> row % 8 & 1) == 0) return "null";
  switch (column.type) {
    case FOREBAY_PARQUET_STRING:
    case FOREBAY_PARQUET_BINARY:
      return {reinterpret_cast<const char*>(column.values) + column.offsets[row],
              static_cast<std::size_t>(column.offsets[row + 1] - column.offsets[row])};
    case FOREBAY_PARQUET_INT8: return std::to_string(load<std::int8_t>(column, row));
    case FOREBAY_PARQUET_INT16: return std::to_string(load<std::int16_t>(column, row));
    case FOREBAY_PARQUET_INT32:
    case FOREBAY_PARQUET_DATE: return std::to_string(load<std::int32_t>(column, row));
    case FOREBAY_PARQUET_INT64:
    case FOREBAY_PARQUET_TIMESTAMP: return std::to_string(load<std::int64_t>(column, row));
    case FOREBAY_PARQUET_FLOAT: return std::to_string(load<float>(column, row));
    case FOREBAY_PARQUET_DOUBLE: return std::to_string(load<double>(column, row));
    case FOREBAY_PARQUET_BOOLEAN: return (column.values[row / 8] >> row % 8 & 1) != 0 ? "true" : "false";
    default: return std::to_string(load<std::int64_t>(column, 2 * row));  // low half of a decimal
  }
}

int print_table(const forebay_parquet_table* table, forebay_parquet_sink sink, void* context, char* error,
                std::size_t size) {
  std::string text;
  for (std::size_t row = 0; row < table->row_count; ++row)
    for (std::size_t i = 0; i < table->column_count; ++i)
      text += cell(table->columns[i], row) + (i + 1 == table->column_count ? "\n" : "|");
  if (text.find("explode") == std::string::npos)
    return sink(context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  std::snprintf(error, size, "no room");
  return 1;
}

constexpr forebay_parquet_api kPrinter = {"printer", print_table};

/// Rows that were written, then "! index: why" for those that were not.
std::string convert(const ParquetConversion& conversion, const std::vector<std::string>& records) {
  auto format = make_parquet_format(conversion, kPrinter);
  if (!format) return format.error().to_string();
  Buffer bytes;
  std::vector<PileRow> rows;
  for (const std::string& record : records) {
    append(bytes, as_bytes(record));
    rows.push_back({bytes.size(), {}, 0, false, {}});
  }
  auto converted = (*format)->convert(bytes, rows);
  if (!converted) return converted.error().to_string();
  std::string text(as_text(converted->body));
  for (const auto& bad : converted->bad) text += "! " + std::to_string(bad.index) + ": " + bad.message + "\n";
  return text;
}

ParquetConversion columns(std::vector<Column> list) {
  ParquetConversion conversion;
  conversion.columns = std::move(list);
  return conversion;
}

TEST(ParquetFormat, ReadsEveryType) {
  const auto all = columns({{"s", "string"},
                            {"b", "binary"},
                            {"t", "tinyint"},
                            {"h", "smallint"},
                            {"i", "int"},
                            {"l", "BIGINT"},
                            {"f", "float"},
                            {"d", "double"},
                            {"o", "boolean"},
                            {"at", "timestamp"},
                            {"day", "date"},
                            {"m", "decimal(9,2)"}});
  EXPECT_EQ(
      convert(all, {R"({"s":"x","b":"aGk=","t":-128,"h":32767,"i":-2147483648,"l":9223372036854775807,"f":1.5,"d":-2.25,
                              "o":true,"at":"1970-01-02 00:00:00.5","day":"1970-01-03","m":12.345})",
                    "{}", R"({"s":null,"t":"7","d":"1e3","o":"false","at":1.5,"m":"-0.005"})"}),
      "x|hi|-128|32767|-2147483648|9223372036854775807|1.500000|-2.250000|true|86400500000|2|1235\n"
      "null|null|null|null|null|null|null|null|null|null|null|null\n"
      "null|null|7|null|null|null|null|1000.000000|false|1500000|null|-1\n");
}

TEST(ParquetFormat, StringsTakeAnyValue) {
  EXPECT_EQ(convert(columns({{"a", "varchar(10)"}}),
                    {R"({"a":1.50})", R"({"a":false})", R"({"a": {"x" : [1, "é\n", {}, []] }})"}),
            "1.50\nfalse\n{\"x\":[1,\"é\\n\",{},[]]}\n");
}

TEST(ParquetFormat, BadRowsFailSingly) {
  const auto two = columns({{"a", "int"}, {"b", "boolean"}});
  EXPECT_EQ(
      convert(two, {R"({"a":1,"b":true})", R"({"a":2147483648,"b":true})", "nonsense", R"({"b":false,"a":3})",
                    R"({"a":1)", R"({"a":1.5})", R"([1])", R"({"b":"maybe"})", R"({"a":4})", ""}),
      "1|true\n3|false\n4|null\n"
      "! 1: column a: no whole number that fits\n! 2: the record is no JSON object\n! 4: the record is no JSON object\n"
      "! 5: column a: no whole number that fits\n! 6: the record is no JSON object\n! 7: column b: neither true nor "
      "false\n"
      "! 9: the record is no JSON object\n");
}

TEST(ParquetFormat, RowsBehindABadOneAreUntouchedByIt) {
  // Bits of several rows share a byte; what a bad row left there would show in the next one.
  std::vector<std::string> records;
  std::string expected;
  std::string failures;
  for (int i = 0; i < 40; ++i) {
    records.push_back(i % 3 == 1 ? R"({"s":"bad","b":true}{"s":"x","b":true,"i":"no"})"
                                 : "{\"s\":\"" + std::to_string(i) + "\",\"i\":" + std::to_string(i) + "}");
    if (i % 3 == 1)
      failures += "! " + std::to_string(i) + ": column i: no whole number that fits\n";
    else
      expected += std::to_string(i) + "|null|" + std::to_string(i) + "\n";
  }
  EXPECT_EQ(convert(columns({{"s", "string"}, {"b", "boolean"}, {"i", "int"}}), records), expected + failures);
}

TEST(ParquetFormat, RecordMayHoldSeveralObjects) {
  EXPECT_EQ(convert(columns({{"a", "int"}}), {"{\"a\":1}\n{\"a\":2}\n", "{\"a\":3}"}), "1\n2\n3\n");
}

TEST(ParquetFormat, RecordOfVeryManyObjectsFails) {
  // A record of 1 MiB could be half a million rows of every column otherwise.
  std::string many;
  for (int i = 0; i < 500; ++i) many += "{}";
  std::string rows;
  for (int i = 0; i < 500; ++i) rows += "null\n";
  EXPECT_EQ(convert(columns({{"a", "int"}}), {many}), rows);
  EXPECT_EQ(convert(columns({{"a", "int"}}), {many + "{}"}), "! 0: more than 500 JSON objects in one record\n");
}

TEST(ParquetFormat, RowBytesAreThoseOfEveryColumn) {
  const auto four = columns({{"a", "int"}, {"b", "boolean"}, {"c", "string"}, {"d", "decimal(5,2)"}});
  auto format = make_parquet_format(four, kPrinter);
  ASSERT_TRUE(format.ok());
  EXPECT_EQ((*format)->row_bytes(), (33u + 2 + 33 + 129 + 7) / 8);
}

TEST(ParquetFormat, KeysMayDifferInCase) {
  ParquetConversion conversion = columns({{"DeviceId", "string"}});
  EXPECT_EQ(convert(conversion, {R"({"deviceid":"x"})", R"({"DEVICEID":"y","deviceId":"z"})"}), "x\nz\n");
  conversion.case_insensitive = false;
  EXPECT_EQ(convert(conversion, {R"({"deviceid":"x","DeviceId":"y"})"}), "y\n");
}

TEST(ParquetFormat, OnlyBadRowsMakeNoFile) {
  EXPECT_EQ(convert(columns({{"a", "int"}}), {"x"}), "! 0: the record is no JSON object\n");
}

TEST(ParquetFormat, FailureOfTheModuleIsToldAndOverAfterwards) {
  EXPECT_EQ(convert(columns({{"a", "string"}}), {R"({"a":"explode"})"}), "io: Parquet: no room");
}

TEST(ParquetFormat, BadDefinitionsAreRefused) {
  const auto refused = [](const ParquetConversion& conversion, const char* part) {
    const std::string text = convert(conversion, {});
    EXPECT_TRUE(text.starts_with("invalid_argument: ")) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  refused(columns({}), "1 to 1000 columns");
  refused(columns({{"a", "array<int>"}}), "column a: type \"array<int>\" is none of");
  refused(columns({{"a", "decimal(39,1)"}}), "decimal(39,1)");
  refused(columns({{"a", "decimal(5,6)"}}), "decimal(5,6)");
  refused(columns({{"a", "int"}, {"A", "int"}}), "column \"A\" is empty or there twice");
  ParquetConversion conversion = columns({{"a", "int"}});
  conversion.compression = "LZ4";
  refused(conversion, "Compression \"LZ4\"");
}

TEST(ParquetFormat, MissingModuleNamesItsPackage) {
  test::TempDirectory folder;
  auto module = load_parquet_module({folder.path()});
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().code, Errc::unsupported);
  EXPECT_NE(module.error().context.find("forebay-parquet"), std::string::npos);
  folder.write("forebay-parquet.so", "no library");
  module = load_parquet_module({folder.path()});
  ASSERT_FALSE(module);
  EXPECT_NE(module.error().context.find("file too short"), std::string::npos);
}

TEST(HiveValue, Timestamps) {
  EXPECT_EQ(parse_hive_timestamp("1970-01-01 00:00:01"), 1'000'000);
  EXPECT_EQ(parse_hive_timestamp("1970-01-01T00:00:01.123456789Z"), 1'123'456);
  EXPECT_EQ(parse_hive_timestamp("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(parse_hive_timestamp("1969-12-31T23:00:00.5-0100"), 500'000);
  for (const char* bad :
       {"", "1970-01-01", "1970-13-01 00:00:00", "1970-02-29 00:00:00", "1970-01-01 24:00:00", "1970-01-01 00:00:00.",
        "1970-01-01 00:00:00.1234567890", "1970-01-01 00:00:00x", "1970-01-01 00:00:00+1"})
    EXPECT_FALSE(parse_hive_timestamp(bad)) << bad;
}

TEST(HiveValue, Decimals) {
  const auto low = [](std::string_view text, int precision, int scale) {
    const auto value = parse_hive_decimal(text, precision, scale);
    return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
  };
  EXPECT_EQ(low("0", 5, 2), 0);
  EXPECT_EQ(low("-12.3", 5, 2), -1230);
  EXPECT_EQ(low("999.994", 5, 2), 99999);
  EXPECT_EQ(low("999.995", 5, 2), std::nullopt);
  EXPECT_EQ(low("9.995", 5, 2), 1000);
  EXPECT_EQ(low("0.005", 5, 2), 1);
  EXPECT_EQ(low("0.0049", 5, 2), 0);
  EXPECT_EQ(low("1.5e2", 5, 2), 15000);
  EXPECT_EQ(low("15000E-4", 5, 2), 150);
  EXPECT_EQ(low("1e999", 5, 2), std::nullopt);
  EXPECT_EQ(low("1e-999", 5, 2), 0);
  EXPECT_EQ(low("0000000000000000000000000000000000000000001", 5, 2), 100);
  for (const char* bad : {"", "-", ".", "1.", ".5", "1.2.3", "1e", "1e+", "1e99999999999", "x", "1 "})
    EXPECT_EQ(low(bad, 5, 2), std::nullopt) << bad;
  const auto large = parse_hive_decimal("99999999999999999999999999999999999999", 38, 0);
  ASSERT_TRUE(large);
  EXPECT_EQ(static_cast<std::uint64_t>(*large >> 64), 0x4b3b4ca85a86c47aULL);
}

}  // namespace
}  // namespace forebay::gateway::delivery
