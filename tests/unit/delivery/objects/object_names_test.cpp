// The rules of Firehose for prefixes: what is appended, what is refused, and that names are a function of the cut.
#include "gateway/delivery/objects/object_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/delivery/objects/sample_cut.h"

namespace forebay::gateway::delivery {
namespace {

ObjectDestination destination(std::string prefix, std::string error_prefix = "") {
  ObjectDestination objects;
  objects.prefix = std::move(prefix);
  objects.error_prefix = std::move(error_prefix);
  return objects;
}

ObjectDestination partitioned(std::string prefix, std::string error_prefix) {
  ObjectDestination objects = destination(std::move(prefix), std::move(error_prefix));
  objects.dynamic_partitioning = true;
  return objects;
}

std::string data_prefix(const ObjectDestination& objects) {
  auto names = ObjectNames::make(objects, {}, "");
  if (!names) return names.error().to_string();
  return names->data_name(test::sample_cut(), test::sample_cut().oldest, "", {}).prefix;
}

std::string error_prefix(const ObjectDestination& objects) {
  auto names = ObjectNames::make(objects, {}, "");
  if (!names) return names.error().to_string();
  return names->error_name(test::sample_cut(), test::sample_cut().oldest, "processing-failed").prefix;
}

std::string refusal(const ObjectDestination& objects, std::vector<std::string> ids = {}) {
  auto names = ObjectNames::make(objects, std::move(ids), "");
  return names ? "accepted" : names.error().to_string();
}

TEST(ObjectNames, DatePathFollowsAPrefixWithoutATimestamp) {
  EXPECT_EQ(data_prefix(destination("")), "2026/01/02/03/");
  EXPECT_EQ(data_prefix(destination("logs")), "logs2026/01/02/03/");
  EXPECT_EQ(data_prefix(destination("logs/!{shard}/", "e/!{firehose:error-output-type}/")),
            "logs/shardId-000000000003/2026/01/02/03/");
  EXPECT_EQ(data_prefix(destination("dt=!{timestamp:yyyy-MM-dd}/", "e/")), "dt=2026-01-02/");
}

TEST(ObjectNames, ErrorPrefixHasTypeAndDatePath) {
  EXPECT_EQ(error_prefix(destination("")), "processing-failed/2026/01/02/03/");
  EXPECT_EQ(error_prefix(destination("logs/")), "logs/processing-failed/2026/01/02/03/");
  EXPECT_EQ(error_prefix(destination("logs/", "bad/")), "bad/processing-failed/2026/01/02/03/");
  EXPECT_EQ(error_prefix(destination("", "bad/!{firehose:error-output-type}/!{timestamp:yyyy}/")),
            "bad/processing-failed/2026/");
}

TEST(ObjectNames, NameOfAnObject) {
  ObjectDestination objects = destination("");
  objects.time_zone = "Asia/Tokyo";
  auto names = ObjectNames::make(objects, {}, ".gz");
  ASSERT_TRUE(names);
  const auto name = names->data_name(test::sample_cut(), test::sample_cut().oldest, "", {});
  EXPECT_EQ(name.key, "2026/01/02/12/logs-to-lake-2-2026-01-02-12-04-05-" + name.uuid + ".gz");
  EXPECT_THAT(name.uuid, ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(name.uuid, "220ab064-a16b-8ed3-90b7-19d7aecdfab8") << "names of objects already delivered must not change";
  objects.file_extension = ".json.gz";
  auto named = ObjectNames::make(objects, {}, ".gz");
  ASSERT_TRUE(named);
  EXPECT_TRUE(named->data_name(test::sample_cut(), test::sample_cut().oldest, "", {}).key.ends_with(".json.gz"));
}

TEST(ObjectNames, EverythingThatTellsCutsApartChangesTheName) {
  auto names = ObjectNames::make(destination("!{firehose:random-string}/", "e/"), {}, "");
  ASSERT_TRUE(names);
  const auto key = [&](auto change) {
    Cut cut = test::sample_cut();
    change(cut);
    return names->data_name(cut, cut.oldest, "", {});
  };
  const auto base = key([](Cut&) {});
  EXPECT_EQ(key([](Cut& c) { c.index = 9; }).key, base.key) << "the index of an entry is not part of what an object is";
  for (const auto& other :
       {key([](Cut& c) { c.source.account = "1"; }), key([](Cut& c) { c.source.shard = stream::ShardNumber(4); }),
        key([](Cut& c) { c.source.timeline = 2; }), key([](Cut& c) { c.first = stream::Offset(101); }),
        key([](Cut& c) { c.last = stream::Offset(200); }), key([](Cut& c) { c.replay = "r"; }),
        key([](Cut& c) { c.source.stream_id = stream::StreamId(8); })}) {
    EXPECT_NE(other.uuid, base.uuid);
    EXPECT_NE(other.prefix, base.prefix);
  }
  EXPECT_NE(names->data_name(test::sample_cut(), from_millis(0), "other", {}).uuid, base.uuid);
  EXPECT_NE(names->error_name(test::sample_cut(), from_millis(0), "").uuid, base.uuid);
}

TEST(ObjectNames, AnotherCodecMakesAnotherName) {
  const auto uuid = [](std::string_view making) {
    return ObjectNames::make(destination(""), {}, "", making)
        ->data_name(test::sample_cut(), from_millis(0), "", {})
        .uuid;
  };
  EXPECT_NE(uuid("zstd 1.5.4 level 3"), uuid("zstd 1.5.5 level 3"));
  EXPECT_EQ(uuid("zstd 1.5.4 level 3"), uuid("zstd 1.5.4 level 3"));
}

TEST(ObjectNames, RandomStringsDifferWithinAPrefix) {
  const std::string prefix =
      data_prefix(destination("!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}", "e/"));
  ASSERT_THAT(prefix, ::testing::MatchesRegex("[A-Za-z0-9]{11}/[A-Za-z0-9]{11}/2026"));
  EXPECT_NE(prefix.substr(0, 11), prefix.substr(12, 11));
}

TEST(ObjectNames, PartitionKeysMakeThePrefix) {
  auto names =
      ObjectNames::make(partitioned("c=!{partitionKeyFromQuery:customer}/k=!{partitionKeyFromQuery:kind}/", "e/"),
                        {"kind", "customer"}, "");
  ASSERT_TRUE(names) << names.error().to_string();
  std::string why;
  const auto partition = names->partition_of({"lamp", "7"}, why);
  ASSERT_TRUE(partition);
  EXPECT_EQ(*partition, "c=7/k=lamp/");
  EXPECT_EQ(names->data_name(test::sample_cut(), test::sample_cut().oldest, *partition, {"lamp", "7"}).prefix,
            "c=7/k=lamp/2026/01/02/03/");
}

TEST(ObjectNames, ValuesThatMakeNoPrefixAreRefused) {
  auto names = ObjectNames::make(partitioned("!{partitionKeyFromQuery:a}/", "e/"), {"a"}, "");
  ASSERT_TRUE(names);
  for (const std::string& value : std::vector<std::string>{"", "..", ".", "x/../y", "_forebay", "_forebay/manifest",
                                                           "a\nb", std::string(1, '\0'), std::string(500, 'x')}) {
    std::string why;
    EXPECT_FALSE(names->partition_of({value}, why)) << value;
    EXPECT_FALSE(why.empty());
  }
  for (const std::string& value : std::vector<std::string>{"x/y", "..x", "\xc3\xa9", std::string(490, 'x')}) {
    std::string why;
    EXPECT_TRUE(names->partition_of({value}, why)) << why;
  }
}

TEST(ObjectNames, RefusalsNameFieldAndPlace) {
  const auto has = [](const std::string& text, const char* part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_TRUE(text.starts_with("invalid_argument: ")) << text;
  };
  has(refusal(destination("a/!{timestamp:yyyy}/")), "ErrorOutputPrefix: must be given when Prefix has expressions");
  has(refusal(destination("", "e/!{timestamp:yyyy}/")),
      "ErrorOutputPrefix: with expressions it must hold !{firehose:error-output-type}");
  has(refusal(destination("!{firehose:error-output-type}/", "e/")),
      "Prefix: firehose:error-output-type belongs into ErrorOutputPrefix only");
  has(refusal(destination("a/!{timestamp:yyyy", "e/")), "Prefix: expression at position 3 has no closing brace");
  has(refusal(destination("a/!{firehose:nonsense}", "e/")),
      "Prefix: expression at position 3: \"firehose:nonsense\" is none of");
  has(refusal(destination("a/!{timestamp:qq}", "e/")),
      "Prefix: expression at position 3: timestamp pattern \"qq\": letter q");
  has(refusal(destination("!{partitionKeyFromLambda:x}", "e/")), "partitionKeyFromLambda needs a Lambda processor");
  has(refusal(destination("!{partitionKeyFromQuery:x}", "e/")), "the partition query has no member \"x\"");
  has(refusal(destination("!{partitionKeyFromQuery:x}", "e/"), {"x"}),
      "Prefix: partitionKeyFromQuery needs dynamic partitioning");
  has(refusal(partitioned("a/", "e/"), {"x"}), "Prefix: dynamic partitioning needs");
  has(refusal(partitioned("!{partitionKeyFromQuery:x}", ""), {"x"}), "ErrorOutputPrefix: must be given");
  has(refusal(partitioned("!{partitionKeyFromQuery:x}", "!{partitionKeyFromQuery:x}!{firehose:error-output-type}"),
              {"x"}),
      "ErrorOutputPrefix: partitionKeyFromQuery belongs into Prefix only");
  has(refusal(destination(std::string(1025, 'x'))), "Prefix: longer than 1024 bytes");
  has(refusal(destination(std::string(600, 'x'))), "Prefix: the evaluated prefix is longer than 512 bytes");
  has(refusal(destination("_forebay/x")), "Prefix: objects of this program are kept under _forebay/");
  has(refusal(destination("a/../b/")), "Prefix: the evaluated prefix holds the path part \"..\"");
  ObjectDestination objects = destination("");
  objects.time_zone = "Mars/Base";
  has(refusal(objects), "time zone \"Mars/Base\"");
  objects = destination("");
  objects.file_extension = "gz";
  has(refusal(objects), "FileExtension: \"gz\"");
}

}  // namespace
}  // namespace forebay::gateway::delivery
