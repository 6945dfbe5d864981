// Whatever bytes devices send, every record is accounted for: it is in a data object, or a line of an error object, or
// was a message about nothing. Mutations of good records, from seeds.
#include <gtest/gtest.h>

#include "gateway/delivery/object_builder.h"
#include "gateway/delivery/objects/deflate.h"
#include "gateway/delivery/objects/hive_column.h"
#include "gateway/delivery/objects/processor.h"
#include "gateway/delivery/objects/time_zone.h"
#include "tests/support/seeded_entropy.h"
#include "tests/unit/delivery/objects/record_maker.h"
#include "tests/unit/delivery/objects/sample_cut.h"
#include "wire/kinesis/aggregated_record.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::uint64_t kSeeds = 3000;

/// Flips, cuts, repeats and inserts a few bytes.
Buffer mutated(Buffer bytes, test::SeededEntropy& entropy) {
  for (std::uint64_t i = entropy.next_u64() % 4; i-- > 0 && !bytes.empty();) {
    const std::size_t at = entropy.next_u64() % bytes.size();
    switch (entropy.next_u64() % 4) {
      case 0: bytes[at] = static_cast<std::uint8_t>(entropy.next_u64()); break;
      case 1: bytes.resize(at); break;
      case 2:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     static_cast<std::uint8_t>("{}[]\",:\\0e-"[entropy.next_u64() % 11]));
        break;
      default: bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  return bytes;
}

std::vector<Buffer> good_records() {
  wire::kinesis::AggregatedRecordPacker packer;
  packer.add({"a", "5", as_bytes(R"({"c":1,"t":1500000000})")});
  packer.add({"b", std::nullopt, as_bytes(R"({"c":"two","t":1.5}{"c":[3]})")});
  return {
      packer.finish(), to_buffer(as_bytes(R"({"c":"x","t":12,"deep":{"er":[1,2,{"k":"v\u00e9\n"}]}} {"c":null})")),
      gzip_compress(as_bytes(R"({"c":"z","t":1e9})")),
      gzip_compress(as_bytes(R"({"messageType":"DATA_MESSAGE","logEvents":[{"message":"{\"c\":\"m\",\"t\":1}"}]})"))};
}

class Counter : public ProcessedRecords {
 public:
  void take(const DeliveryRecord&, const std::vector<std::string>& keys) override {
    EXPECT_EQ(keys.size(), 2u);
    ++taken;
  }
  void fail(const DeliveryRecord&, const ProcessingFailure& failure) override {
    EXPECT_FALSE(failure.message.empty());
    ++failed;
  }
  std::size_t taken = 0;
  std::size_t failed = 0;
};

TEST(HostileInput, EveryRecordIsTakenOrFails) {
  Processing processing;
  processing.sub_records_json = true;
  processing.partition_query = R"({c:.c|tostring,t:.t|strftime("%Y")})";
  const auto records = good_records();
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::SeededEntropy entropy(seed);
    processing.decompress = seed % 3 == 0;
    processing.extract_log_messages = seed % 6 == 0;
    auto processor = Processor::make(processing);
    ASSERT_TRUE(processor);
    const Buffer record = mutated(records[entropy.next_u64() % records.size()], entropy);
    Counter counter;
    processor->run(test::make_record(1, ByteView(record)), counter);
    const bool blank = as_text(record).find_first_not_of(" \t\r\n") == std::string_view::npos;
    // A message about nothing gives nothing.
    if (!blank && !processing.extract_log_messages) {
      EXPECT_GE(counter.taken + counter.failed, 1u);
    }
  }
}

TEST(HostileInput, ColumnsStayWholeAfterAnyRow) {
  const char* types[] = {"string", "binary",  "tinyint",   "bigint", "float",
                         "double", "boolean", "timestamp", "date",   "decimal(10,3)"};
  const Buffer good = to_buffer(as_bytes(
      R"(["x","aGk=",-12,"9223372036854775807",1.5e10,true,"2026-01-02T03:04:05.678+01:00","2026-01-02",[1,{"a":"b"}]])"));
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::SeededEntropy entropy(seed);
    const Buffer text = mutated(good, entropy);
    for (const char* type : types) {
      HiveColumn column("c", *HiveType::parse(type));
      wire::kinesis::JsonReader in(as_text(text));
      std::size_t rows = 0;
      in.begin_array();
      while (in.next_element()) {
        std::string why;
        const bool fits = column.set(in, why);
        EXPECT_EQ(fits, why.empty());
        column.append_row();
        ++rows;
      }
      const forebay_parquet_column view = column.view();
      EXPECT_EQ(column.rows(), rows);
      if (view.offsets != nullptr) {
        EXPECT_EQ(static_cast<std::size_t>(view.offsets[rows]), view.values_size);
      }
      column.truncate(rows / 2);
      EXPECT_EQ(column.rows(), rows / 2);
    }
  }
}

TEST(HostileInput, QueriesAndRulesNeverBreakTheirReader) {
  const Buffer query = to_buffer(as_bytes(R"({a:.b."c"["d"][0]|tostring|strftime("%Y%%"),"x y":.})"));
  const Buffer rule = to_buffer(as_bytes("<-03>3<-02>,M3.5.0/-2:30,J300/25:00:01"));
  std::size_t accepted = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    test::SeededEntropy entropy(seed);
    const Buffer text = mutated(query, entropy);
    if (auto parsed = PartitionQuery::parse(as_text(text))) {
      std::vector<std::string> values;
      (void)parsed->evaluate(R"({"b":{"c":{"d":[1]}}})", values).ok();
      ++accepted;
    }
    const Buffer zone = mutated(rule, entropy);
    if (const auto parsed = ZoneRule::parse(as_text(zone))) {
      const std::int32_t offset = parsed->offset_at(static_cast<std::int64_t>(entropy.next_u64() % 4'000'000'000));
      EXPECT_LE(std::abs(offset), 168 * 3600);
    }
  }
  EXPECT_GT(accepted, kSeeds / 10) << "the mutations leave some queries good";
  EXPECT_LT(accepted, kSeeds) << "and break others";
}

}  // namespace
}  // namespace forebay::gateway::delivery
