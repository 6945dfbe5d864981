// Objects of a cut are a function of definition, records and cut: built twice, by builders with different pasts, they
// have the same names and bytes. And what is in them.
#include "gateway/delivery/object_builder.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/digest.h"
#include "gateway/delivery/objects/deflate.h"
#include "tests/support/seeded_entropy.h"
#include "tests/unit/delivery/objects/record_maker.h"
#include "tests/unit/delivery/objects/sample_cut.h"

namespace forebay::gateway::delivery {
namespace {

using test::make_record;

std::unique_ptr<ObjectBuilder> make(const Processing& processing, const ObjectDestination& objects) {
  auto builder = make_object_builder(processing, objects);
  EXPECT_TRUE(builder) << builder.error().to_string();
  return *std::move(builder);
}

std::vector<FinishedObject> finish(ObjectBuilder& builder, const Cut& cut = test::sample_cut()) {
  builder.seal(cut);
  std::vector<FinishedObject> objects;
  for (;;) {
    auto object = builder.next();
    EXPECT_TRUE(object);
    if (!object || !*object) break;
    objects.push_back(**std::move(object));
  }
  EXPECT_TRUE(builder.empty());
  EXPECT_EQ(builder.bytes(), 0u);
  EXPECT_EQ(builder.largest_bytes(), 0u);
  return objects;
}

ObjectDestination partitioned() {
  ObjectDestination objects;
  objects.prefix = "c=!{partitionKeyFromQuery:c}/!{timestamp:yyyy/MM/dd}/!{firehose:random-string}/";
  objects.error_prefix = "errors/!{firehose:error-output-type}/";
  objects.dynamic_partitioning = true;
  return objects;
}

Processing by_c() {
  Processing processing;
  processing.partition_query = "{c:.c}";
  processing.delimiter = "\n";
  return processing;
}

TEST(ObjectBuilder, RecordsAreWrittenBehindEachOther) {
  auto builder = make({}, {});
  builder->add(make_record(100, "one"));
  builder->add(make_record(101, ""));
  builder->add(make_record(102, "two"));
  EXPECT_EQ(builder->largest_bytes(), 6u);
  EXPECT_GE(builder->bytes(), 6u);
  const auto objects = finish(*builder);
  ASSERT_EQ(objects.size(), 1u);
  EXPECT_EQ(as_text(objects[0].body), "onetwo");
  EXPECT_EQ(objects[0].records, 3u);
  EXPECT_EQ(objects[0].bytes_before, 6u);
  EXPECT_EQ(objects[0].sha256, sha256(as_bytes("onetwo")));
  EXPECT_EQ(objects[0].content_type, "application/octet-stream");
  EXPECT_EQ(objects[0].content_encoding, "");
  EXPECT_EQ(objects[0].partition, "");
  EXPECT_TRUE(objects[0].key.starts_with("2026/01/02/03/logs-to-lake-2-2026-01-02-03-04-05-")) << objects[0].key;
}

TEST(ObjectBuilder, DelimiterStandsBehindEachRecord) {
  Processing processing;
  processing.delimiter = "\n";
  auto builder = make(processing, {});
  builder->add(make_record(100, "one"));
  builder->add(make_record(101, "two"));
  EXPECT_EQ(as_text(finish(*builder)[0].body), "one\ntwo\n");
}

TEST(ObjectBuilder, CompressionIsMarked) {
  ObjectDestination destination;
  destination.compression = Compression::gzip;
  auto builder = make({}, destination);
  builder->add(make_record(100, "hello"));
  const auto objects = finish(*builder);
  EXPECT_EQ(objects[0].content_encoding, "gzip");
  EXPECT_TRUE(objects[0].key.ends_with(".gz"));
  EXPECT_EQ(objects[0].bytes_before, 5u);
  EXPECT_EQ(as_text(*gzip_decompress(objects[0].body, 100)), "hello");
}

TEST(ObjectBuilder, NothingTakenGivesNoObject) {
  auto builder = make({}, {});
  EXPECT_TRUE(builder->empty());
  EXPECT_TRUE(finish(*builder).empty());
}

TEST(ObjectBuilder, EveryPartitionIsAnObject) {
  auto builder = make(by_c(), partitioned());
  builder->add(make_record(100, R"({"c":"x","n":1})"));
  builder->add(make_record(101, R"({"c":"a","n":2})"));
  builder->add(make_record(102, R"({"c":"x","n":3})"));
  const auto objects = finish(*builder);
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_TRUE(objects[0].key.starts_with("c=x/2026/01/02/")) << objects[0].key;
  EXPECT_EQ(as_text(objects[0].body), "{\"c\":\"x\",\"n\":1}\n{\"c\":\"x\",\"n\":3}\n");
  EXPECT_TRUE(objects[1].key.starts_with("c=a/2026/01/02/")) << objects[1].key;
  EXPECT_TRUE(objects[0].key.starts_with(objects[0].partition));
  EXPECT_NE(objects[0].key.substr(objects[0].key.size() - 36), objects[1].key.substr(objects[1].key.size() - 36));
}

TEST(ObjectBuilder, PartitionsBeyondTheLimitAreErrors) {
  ObjectDestination destination = partitioned();
  destination.partitions_max = 3;
  auto builder = make(by_c(), destination);
  for (int i = 0; i < 20; ++i) {
    const std::string record = "{\"c\":" + std::to_string(i % 5) + "}";
    builder->add(make_record(100 + i, std::string_view(record)));
  }
  const auto objects = finish(*builder);
  ASSERT_EQ(objects.size(), 4u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(objects[i].records, 4u);
  EXPECT_EQ(objects[3].error_type, "dynamic-partitioning-failed");
  EXPECT_EQ(objects[3].records, 8u);
  EXPECT_TRUE(objects[3].key.starts_with("errors/dynamic-partitioning-failed/logs-to-lake-2-")) << objects[3].key;
}

TEST(ObjectBuilder, ValuesThatMakeNoPathAreErrorsWhereBucketsAreFolders) {
  const std::string long_value(300, 'x');
  const std::string partial = ".forebay-partial/x/" + long_value;
  for (const std::string& value : {std::string("a//b"), std::string("/"), long_value, partial}) {
    for (const bool paths : {false, true}) {
      ObjectDestination destination = partitioned();
      destination.keys_are_paths = paths;
      auto builder = make(by_c(), destination);
      const std::string record = "{\"c\":\"" + value + "\"}";
      builder->add(make_record(100, std::string_view(record)));
      const auto objects = finish(*builder);
      ASSERT_EQ(objects.size(), 1u);
      EXPECT_EQ(objects[0].error_type, paths ? "dynamic-partitioning-failed" : "") << value;
    }
  }
  // Behind the last '/' stands the object's own name too.
  ObjectDestination glued = partitioned();
  glued.prefix = "!{partitionKeyFromQuery:c}";
  glued.keys_are_paths = true;
  auto builder = make(by_c(), glued);
  const std::string fits = "{\"c\":\"" + std::string(50, 'x') + "\"}";
  const std::string too_long = "{\"c\":\"" + std::string(200, 'x') + "\"}";
  builder->add(make_record(100, std::string_view(fits)));
  builder->add(make_record(101, std::string_view(too_long)));
  const auto objects = finish(*builder);
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(objects[0].error_type, "");
  EXPECT_EQ(objects[1].error_type, "dynamic-partitioning-failed");
}

TEST(ObjectBuilder, FailedRecordIsALineOfJson) {
  auto builder = make(by_c(), partitioned());
  builder->add(make_record(100, "no json"));
  const auto objects = finish(*builder);
  ASSERT_EQ(objects.size(), 1u);
  EXPECT_EQ(as_text(objects[0].body),
            "{\"attemptsMade\":1,\"arrivalTimestamp\":1767323045778,"
            "\"errorCode\":\"DynamicPartitioning.MetadataExtractionFailed\","
            "\"errorMessage\":\"the record is not one JSON value\","
            "\"attemptEndingTimestamp\":1767323045778,\"rawData\":\"bm8ganNvbg==\"}\n");
}

TEST(ObjectBuilder, OldestRecordOfAnObjectDatesIt) {
  auto builder = make(by_c(), partitioned());
  builder->add(make_record(100, R"({"c":"x"})"));
  DeliveryRecord later = make_record(101, R"({"c":"y"})");
  later.arrival = test::sample_cut().oldest + std::chrono::hours(24);
  builder->add(later);
  const auto objects = finish(*builder);
  EXPECT_TRUE(objects[1].key.starts_with("c=y/2026/01/03/")) << objects[1].key;
  EXPECT_NE(objects[1].key.find("-2026-01-03-03-04-05-"), std::string::npos) << objects[1].key;
}

TEST(ObjectBuilder, SettingsThatCannotWorkAreRefused) {
  const auto refused = [](const Processing& processing, const ObjectDestination& destination, const char* field) {
    auto builder = make_object_builder(processing, destination);
    ASSERT_FALSE(builder) << field;
    EXPECT_EQ(builder.error().code, Errc::invalid_argument);
    EXPECT_NE(builder.error().context.find(field), std::string::npos) << builder.error().context;
  };
  ObjectDestination destination;
  destination.parquet.emplace();
  destination.compression = Compression::gzip;
  refused({}, destination, "CompressionFormat");
  destination = {};
  destination.partitions_max = 0;
  refused({}, destination, "partitions_max");
  refused(by_c(), {}, "MetadataExtraction");
}

/// Records of all kinds, from a seed.
std::vector<std::string> random_records(std::uint64_t seed, std::size_t count) {
  test::SeededEntropy entropy(seed);
  std::vector<std::string> records;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t kind = entropy.next_u64() % 10;
    if (kind == 0)
      records.push_back("broken" + std::to_string(entropy.next_u64() % 3));
    else if (kind == 1)
      records.push_back("{\"c\":\"..\"}");
    else
      records.push_back("{\"c\":\"" + std::to_string(entropy.next_u64() % 12) +
                        "\",\"n\":" + std::to_string(entropy.next_u64()) + "}");
  }
  return records;
}

TEST(ObjectBuilder, SameRecordsAndCutGiveTheSameObjects) {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ObjectDestination destination = partitioned();
    destination.compression = static_cast<Compression>(seed % 6);
    destination.partitions_max = 10;
    destination.time_zone = seed % 2 == 0 ? "Europe/Berlin" : "UTC";
    const auto records = random_records(seed, 1 + seed * 20);
    auto first = make(by_c(), destination);
    auto second = make(by_c(), destination);
    // The second one has made other objects before.
    for (const auto& record : random_records(seed + 1000, seed % 7))
      second->add(make_record(5, std::string_view(record)));
    finish(*second);
    for (std::size_t i = 0; i < records.size(); ++i) {
      first->add(make_record(static_cast<std::int64_t>(i), std::string_view(records[i])));
      const std::string copy = records[i];  // elsewhere in memory, gone after the call
      second->add(make_record(static_cast<std::int64_t>(i), std::string_view(copy)));
    }
    EXPECT_EQ(first->largest_bytes(), second->largest_bytes());
    const auto a = finish(*first);
    const auto b = finish(*second);
    ASSERT_EQ(a.size(), b.size());
    std::set<std::string> keys;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].key, b[i].key);
      EXPECT_EQ(a[i].body, b[i].body);
      EXPECT_EQ(a[i].sha256, sha256(a[i].body));
      EXPECT_EQ(a[i].partition, b[i].partition);
      EXPECT_EQ(a[i].error_type, b[i].error_type);
      keys.insert(a[i].key);
      total += a[i].records;
    }
    EXPECT_EQ(keys.size(), a.size());
    EXPECT_EQ(total, records.size());
  }
}

TEST(ObjectBuilder, HeldMemoryIsCounted) {
  auto builder = make(by_c(), partitioned());
  std::size_t payload = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string record = "{\"c\":" + std::to_string(i % 100) + ",\"x\":\"" + std::string(1000, 'x') + "\"}";
    payload += record.size();
    builder->add(make_record(i, std::string_view(record)));
  }
  EXPECT_GE(builder->bytes(), payload);
  EXPECT_LE(builder->bytes(), payload * 3);
  builder->seal(test::sample_cut());
  const std::size_t before = builder->bytes();
  ASSERT_TRUE(builder->next());
  EXPECT_LT(builder->bytes(), before);
}

}  // namespace
}  // namespace forebay::gateway::delivery
