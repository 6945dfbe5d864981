// The real module: what it writes is a Parquet file, the same one each time, and an object of it comes out of a
// builder. That other programs read it is shown by tests/unit/delivery/parquet/read_back.py.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "gateway/delivery/object_builder.h"
#include "gateway/delivery/objects/parquet_loader.h"
#include "tests/unit/delivery/objects/record_maker.h"
#include "tests/unit/delivery/objects/sample_cut.h"
#include "wire/kinesis/sequence_number.h"

namespace forebay::gateway::delivery {
namespace {

ObjectDestination destination(const char* compression) {
  ObjectDestination objects;
  objects.parquet.emplace();
  objects.parquet->compression = compression;
  objects.parquet->columns = {{"s", "string"},  {"b", "binary"},     {"t", "tinyint"}, {"h", "smallint"},
                              {"i", "int"},     {"l", "bigint"},     {"f", "float"},   {"d", "double"},
                              {"o", "boolean"}, {"at", "timestamp"}, {"day", "date"},  {"m", "decimal(20,3)"}};
  return objects;
}

std::string row(int i) {
  if (i % 10 == 9) return "{}";
  const std::string n = std::to_string(i);
  return "{\"s\":\"text é " + n + "\",\"b\":\"AAEC\",\"t\":" + std::to_string(i % 128) + ",\"h\":-" + n +
         ",\"i\":" + n + ",\"l\":" + std::to_string(i * 1'000'000'000'000) + ",\"f\":0.5,\"d\":" + n +
         ".25,\"o\":" + (i % 2 == 0 ? "true" : "false") +
         ",\"at\":\"2026-01-02 03:04:05.678\",\"day\":\"2026-01-02\",\"m\":-" + n + ".125}";
}

std::vector<FinishedObject> build(const char* compression, int rows) {
  auto builder = make_object_builder({}, destination(compression));
  EXPECT_TRUE(builder) << builder.error().to_string();
  for (int i = 0; i < rows; ++i) {
    const std::string record = row(i);
    (*builder)->add(test::make_record(100 + i, std::string_view(record)));
  }
  (*builder)->add(test::make_record(100 + rows, R"({"i":"not a number"})"));
  (*builder)->seal(test::sample_cut());
  std::vector<FinishedObject> objects;
  for (;;) {
    auto object = (*builder)->next();
    EXPECT_TRUE(object) << object.error().to_string();
    if (!object || !*object) return objects;
    objects.push_back(**std::move(object));
  }
}

class Module : public testing::TestWithParam<const char*> {};

TEST_P(Module, WritesTheSameFileEachTime) {
  const auto objects = build(GetParam(), 5000);
  ASSERT_EQ(objects.size(), 2u);
  const std::string_view body = as_text(objects[0].body);
  EXPECT_TRUE(body.starts_with("PAR1") && body.ends_with("PAR1"));
  EXPECT_TRUE(objects[0].key.ends_with(".parquet")) << objects[0].key;
  EXPECT_EQ(objects[0].records, 5000u);
  EXPECT_EQ(objects[0].content_encoding, "");
  EXPECT_EQ(objects[1].error_type, "format-conversion-failed");
  EXPECT_FALSE(objects[1].key.ends_with(".parquet"));
  const auto again = build(GetParam(), 5000);
  EXPECT_EQ(again[0].body, objects[0].body);
  EXPECT_EQ(again[0].key, objects[0].key);
  // For read_back.py.
  if (const char* folder = std::getenv("FOREBAY_PARQUET_KEEP"))
    std::ofstream(std::string(folder) + "/" + GetParam() + ".parquet", std::ios::binary) << body;
}

INSTANTIATE_TEST_SUITE_P(Compressions, Module, testing::Values("SNAPPY", "GZIP", "ZSTD", "UNCOMPRESSED"));

TEST(Module, FailedRowsAreLinesWithTheirPlace) {
  const auto objects = build("SNAPPY", 0);
  ASSERT_EQ(objects.size(), 1u);
  EXPECT_EQ(
      as_text(objects[0].body),
      "{\"attemptsMade\":1,\"arrivalTimestamp\":1767323045778,\"lastErrorCode\":\"DataFormatConversion.ParseError\","
      "\"lastErrorMessage\":\"column i: no whole number that fits\",\"attemptEndingTimestamp\":1767323045778,"
      "\"rawData\":\"eyJpIjoibm90IGEgbnVtYmVyIn0=\",\"sequenceNumber\":"
      "\"" +
          wire::kinesis::to_decimal({1'767'322'800, 3, 101, 1'767'323'045}) +
          "\",\"subSequenceNumber\":null,\"dataCatalogTable\":null}\n");
}

TEST(Module, TinyRecordsOfManyColumnsCountByTheTableTheyBecome) {
  ObjectDestination wide = destination("SNAPPY");
  wide.parquet->columns.clear();
  for (int i = 0; i < 200; ++i) wide.parquet->columns.push_back({"c" + std::to_string(i), "bigint"});
  auto builder = make_object_builder({}, wide);
  ASSERT_TRUE(builder) << builder.error().to_string();
  for (int i = 0; i < 1000; ++i) (*builder)->add(test::make_record(100 + i, "{}"));
  constexpr std::uint64_t kTable = 1000u * (200 * 65 / 8);
  EXPECT_EQ((*builder)->largest_bytes(), kTable / 4) << "of 2,000 bytes of payload";
  (*builder)->add(test::make_record(1100, "{}{} {}\n{}"));
  EXPECT_EQ((*builder)->largest_bytes(), 1004 * (kTable / 1000) / 4) << "objects one behind the other are rows each";
}

TEST(Module, RefusesWhatItDoesNotKnow) {
  const auto api = load_parquet_module();
  ASSERT_TRUE(api) << api.error().to_string();
  const std::int32_t backwards[] = {2, 1};
  const std::uint8_t bits[] = {1};
  const auto refused = [&](forebay_parquet_column column, const char* compression) {
    const forebay_parquet_table table{&column, 1, 1, compression};
    char error[200] = "";
    const auto ignore = [](void*, const std::uint8_t*, std::size_t) { return 0; };
    return (*api)->write(&table, ignore, nullptr, error, sizeof error) != 0 && error[0] != '\0';
  };
  const forebay_parquet_column good{"a", FOREBAY_PARQUET_BOOLEAN, 0, 0, bits, bits, 1, nullptr};
  EXPECT_FALSE(refused(good, "SNAPPY"));
  EXPECT_TRUE(refused(good, "LZO"));
  EXPECT_TRUE(refused({"a", 99, 0, 0, bits, bits, 1, nullptr}, "SNAPPY"));
  EXPECT_TRUE(refused({"a", FOREBAY_PARQUET_DECIMAL, 77, 0, bits, bits, 1, nullptr}, "SNAPPY"));
  EXPECT_TRUE(refused({"a", FOREBAY_PARQUET_STRING, 0, 0, bits, bits, 1, backwards}, "SNAPPY"));
}

TEST(Module, ReceiverThatFailsEndsTheWriting) {
  const auto api = load_parquet_module();
  ASSERT_TRUE(api);
  const std::uint8_t bits[] = {1};
  const forebay_parquet_column column{"a", FOREBAY_PARQUET_BOOLEAN, 0, 0, bits, bits, 1, nullptr};
  const forebay_parquet_table table{&column, 1, 1, "SNAPPY"};
  char error[200] = "";
  const auto full = [](void*, const std::uint8_t*, std::size_t) { return 1; };
  EXPECT_NE((*api)->write(&table, full, nullptr, error, sizeof error), 0);
  EXPECT_NE(std::string_view(error).find("the receiver"), std::string_view::npos) << error;
}

}  // namespace
}  // namespace forebay::gateway::delivery
