// What becomes of one stored record: aggregates, gzip, log messages, sub-records, partition keys; and what fails.
#include "gateway/delivery/objects/processor.h"

#include <gtest/gtest.h>

#include "gateway/delivery/objects/deflate.h"
#include "tests/unit/delivery/objects/record_maker.h"
#include "wire/kinesis/aggregated_record.h"

namespace forebay::gateway::delivery {
namespace {

using test::make_record;

/// One line for each thing that came out.
class Log : public ProcessedRecords {
 public:
  void take(const DeliveryRecord& record, const std::vector<std::string>& keys) override {
    std::string line = std::to_string(record.offset.value()) + "." + std::to_string(record.sub_sequence) + " " +
                       std::string(record.partition_key) + " " + std::string(as_text(record.data));
    for (const std::string& key : keys) line += " [" + key + "]";
    lines.push_back(line);
  }
  void fail(const DeliveryRecord& record, const ProcessingFailure& failure) override {
    failures.push_back(std::string(failure.type) + " " + std::string(failure.code) + ": " + failure.message);
    raw.push_back(to_buffer(record.data));
  }
  std::vector<std::string> lines;
  std::vector<std::string> failures;
  std::vector<Buffer> raw;
};

Log run(const Processing& processing, ByteView data) {
  auto processor = Processor::make(processing);
  EXPECT_TRUE(processor) << processor.error().to_string();
  Log log;
  processor->run(make_record(7, data), log);
  return log;
}
Log run(const Processing& processing, std::string_view data) { return run(processing, as_bytes(data)); }

using Lines = std::vector<std::string>;

Buffer aggregate() {
  wire::kinesis::AggregatedRecordPacker packer;
  packer.add({"a", "5", as_bytes("one")});
  packer.add({"b", std::nullopt, as_bytes("two")});
  return packer.finish();
}

TEST(Processor, PlainRecordPasses) { EXPECT_EQ(run({}, "hello").lines, Lines{"7.0 key hello"}); }

TEST(Processor, AggregateIsOpenedUnlessSwitchedOff) {
  EXPECT_EQ(run({}, aggregate()).lines, (Lines{"7.0 a one", "7.1 b two"}));
  Processing off;
  off.deaggregate = false;
  EXPECT_EQ(run(off, aggregate()).lines, Lines{"7.0 key " + std::string(as_text(aggregate()))});
}

Processing log_processing() {
  Processing processing;
  processing.decompress = true;
  processing.extract_log_messages = true;
  return processing;
}

TEST(Processor, GzipIsOpened) {
  Processing processing;
  processing.decompress = true;
  EXPECT_EQ(run(processing, gzip_compress(as_bytes("content"))).lines, Lines{"7.0 key content"});
  const Log log = run(processing, "no gzip");
  EXPECT_EQ(log.failures, Lines{"decompression-failed Decompression.Failed: gzip: wrong magic"});
  EXPECT_EQ(as_text(log.raw[0]), "no gzip");
}

TEST(Processor, GzipBombIsRefused) {
  Processing processing;
  processing.decompress = true;
  const Log small = run(processing, gzip_compress(Buffer(Processor::kGzipFloor)));
  EXPECT_EQ(small.lines.size(), 1u);
  const Log log = run(processing, gzip_compress(Buffer(Processor::kGzipFloor + 1)));
  ASSERT_EQ(log.failures.size(), 1u);
  EXPECT_NE(log.failures[0].find("more than 1048576 bytes"), std::string::npos) << log.failures[0];
}

TEST(Processor, LogMessagesAreTakenOutOfTheirEnvelope) {
  const auto messages = [](std::string_view json) { return run(log_processing(), gzip_compress(as_bytes(json))); };
  EXPECT_EQ(
      messages(R"({"messageType":"DATA_MESSAGE","owner":"1","logEvents":[{"id":"1","timestamp":1,"message":"a\nb"},
                         {"message":"c","id":"2"}]})")
          .lines,
      (Lines{"7.0 key a\nb", "7.0 key c"}));
  const Log control = messages(R"({"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"check"}]})");
  EXPECT_TRUE(control.lines.empty() && control.failures.empty());
  for (const char* bad : {"{}", "[]", "", "{\"messageType\":\"DATA_MESSAGE\"}",
                          "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"id\":\"1\"}]}",
                          "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":1}]}"}) {
    const Log log = messages(bad);
    ASSERT_EQ(log.failures.size(), 1u) << bad;
    EXPECT_TRUE(log.failures[0].starts_with("processing-failed CloudWatchLogProcessing.Failed: ")) << log.failures[0];
  }
}

TEST(Processor, SubRecordsOfJson) {
  Processing processing;
  processing.sub_records_json = true;
  EXPECT_EQ(run(processing, "{\"a\":\"}{\\\"\"}{\"b\":[1,{}]}\n [1] 2 \"x\" true\n").lines,
            (Lines{"7.0 key {\"a\":\"}{\\\"\"}", "7.0 key {\"b\":[1,{}]}", "7.0 key [1]", "7.0 key 2", "7.0 key \"x\"",
                   "7.0 key true"}));
  EXPECT_TRUE(run(processing, "  ").lines.empty());
  for (const char* bad : {"{\"a\":1}}", "{\"a\":1}{", "{\"a\":1} nonsense", "\"", "{]}"}) {
    const Log log = run(processing, bad);
    EXPECT_TRUE(log.lines.empty()) << bad;
    EXPECT_EQ(log.failures.size(), 1u) << bad;
  }
}

TEST(Processor, SubRecordsBetweenDelimiters) {
  Processing processing;
  processing.sub_record_delimiter = to_buffer(as_bytes("||"));
  EXPECT_EQ(run(processing, "||a|b||||c").lines, (Lines{"7.0 key a|b", "7.0 key c"}));
}

TEST(Processor, TooManySubRecordsFailTogether) {
  Processing processing;
  processing.sub_record_delimiter = to_buffer(as_bytes("\n"));
  std::string many;
  for (std::size_t i = 0; i < Processor::kSubRecordsMax; ++i) many += "x\n";
  EXPECT_EQ(run(processing, many).lines.size(), Processor::kSubRecordsMax);
  const Log log = run(processing, many + "x");
  EXPECT_TRUE(log.lines.empty());
  EXPECT_EQ(log.failures,
            Lines{"processing-failed RecordDeAggregation.Failed: more than 500 sub-records in one record"});
}

TEST(Processor, PartitionKeysAreReadFromEachSubRecord) {
  Processing processing;
  processing.sub_records_json = true;
  processing.partition_query = "{c:.c,d:.d}";
  const Log log = run(processing, R"({"c":1,"d":"x"}{"c":2}{"c":3,"d":"y"})");
  EXPECT_EQ(log.lines, (Lines{R"(7.0 key {"c":1,"d":"x"} [1] [x])", R"(7.0 key {"c":3,"d":"y"} [3] [y])"}));
  EXPECT_EQ(log.failures,
            Lines{"dynamic-partitioning-failed DynamicPartitioning.MetadataExtractionFailed: partition key d: it "
                  "is null or absent"});
  EXPECT_EQ(as_text(log.raw[0]), R"({"c":2})");
}

TEST(Processor, SettingsThatExcludeEachOtherAreRefused) {
  Processing processing;
  processing.extract_log_messages = true;
  EXPECT_FALSE(Processor::make(processing));
  processing = {};
  processing.sub_records_json = true;
  processing.sub_record_delimiter = Buffer{'\n'};
  EXPECT_FALSE(Processor::make(processing));
  processing.sub_records_json = false;
  processing.sub_record_delimiter = Buffer{};
  EXPECT_FALSE(Processor::make(processing));
  processing = {};
  processing.partition_query = "nonsense";
  EXPECT_FALSE(Processor::make(processing));
}

}  // namespace
}  // namespace forebay::gateway::delivery
