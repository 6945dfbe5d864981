// The form of manifest entries is a contract with readers of the bucket: golden bytes, and what a broken entry says.
#include "gateway/delivery/manifest.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "base/hex.h"
#include "gateway/delivery/objects/manifest_reader.h"
#include "tests/unit/delivery/objects/sample_cut.h"
#include "tests/unit/wire/golden_file.h"

namespace forebay::gateway::delivery {
namespace {

ManifestEntry sample_entry() {
  ManifestEntry entry;
  entry.cut = test::sample_cut();
  entry.objects = {{"2026/01/02/03/a \"quoted\" é.gz", 12345, std::string(64, 'a'), 99, "", ""},
                   {"errors/processing-failed/b", 77, std::string(64, 'b'), 1, "", "processing-failed"}};
  ManifestEntry::LaneMark mark;
  for (std::size_t i = 0; i < mark.lineage.root.size(); ++i) mark.lineage.root[i] = static_cast<std::uint8_t>(i * 17);
  mark.lineage.ordinal = 5;
  mark.lineage.nonce = 0xfedcba9876543210;
  mark.last = 18'000'000'000'000'000'000u;
  entry.lanes = {mark};
  entry.previous = std::string(64, 'c');
  return entry;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Manifest, EntryHasTheDocumentedBytes) {
  EXPECT_EQ(encode(sample_entry()), test::golden_text("delivery/manifest_entry.json"));
}

TEST(Manifest, EntryReadsBackEqual) {
  auto entry = parse_manifest_entry(encode(sample_entry()));
  ASSERT_TRUE(entry) << entry.error().to_string();
  EXPECT_EQ(*entry, sample_entry());
  EXPECT_EQ(encode(*entry), encode(sample_entry()));
}

TEST(Manifest, EveryFieldCountsInComparison) {
  const auto differs = [](auto change) {
    ManifestEntry entry = sample_entry();
    change(entry);
    return !(entry == sample_entry());
  };
  EXPECT_TRUE(differs([](auto& e) { e.cut.source.timeline = 9; }));
  EXPECT_TRUE(differs([](auto& e) { e.cut.replay = "r"; }));
  EXPECT_TRUE(differs([](auto& e) { e.cut.last = stream::Offset(200); }));
  EXPECT_TRUE(differs([](auto& e) { e.objects[1].error_type = "x"; }));
  EXPECT_TRUE(differs([](auto& e) { e.lanes[0].last = 1; }));
  EXPECT_TRUE(differs([](auto& e) { e.previous.clear(); }));
  EXPECT_FALSE(differs([](auto&) {}));
}

TEST(Manifest, MembersOfLaterProgramsArePassedOver) {
  auto entry = parse_manifest_entry(with(encode(sample_entry()), "{\"format\"", "{\"later\":[{}],\"format\""));
  ASSERT_TRUE(entry) << entry.error().to_string();
  EXPECT_EQ(*entry, sample_entry());
}

TEST(Manifest, BrokenEntryNamesTheMember) {
  const std::string good = encode(sample_entry());
  for (const auto& [from, to, named] :
       std::vector<std::array<std::string, 3>>{{"{\"format\"", "{", "JSON"},
                                               {"\"shard\":3", "\"sharp\":3", "shard"},
                                               {"\"shard\":3", "\"shard\":4294967296", "shard"},
                                               {"\"first\":100", "\"first\":1.5", "first"},
                                               {"\"first\":100", "\"first\":300", "last"},
                                               {"\"records\":1,", "", "objects[1].records"},
                                               {"fedcba98", "fedcbaXX", "lanes[0].nonce"}}) {
    auto entry = parse_manifest_entry(with(good, from, to));
    ASSERT_FALSE(entry) << from;
    EXPECT_EQ(entry.error().code, Errc::corrupt) << from;
    EXPECT_NE(entry.error().context.find(named), std::string::npos) << entry.error().context;
  }
  auto later = parse_manifest_entry(with(good, "manifest/1", "manifest/2"));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, Errc::unsupported);
}

TEST(Manifest, KeysRiseWithTheNumber) {
  Cut cut = test::sample_cut();
  EXPECT_EQ(manifest_key(cut), "_forebay/manifest/logs-to-lake/7/3/1/000000000042.json");
  EXPECT_EQ(manifest_prefix(cut.source, ""), "_forebay/manifest/logs-to-lake/7/3/1/");
  cut.replay = "r1";
  EXPECT_EQ(manifest_key(cut), "_forebay/manifest/logs-to-lake/7/3/1/r1/000000000042.json");
  Cut later = cut;
  later.index = 100;
  EXPECT_LT(manifest_key(cut), manifest_key(later));
}

/// Objects in memory; only get() is asked for.
class MapStore : public ObjectStore {
 public:
  std::map<std::string, Buffer, std::less<>> objects;

  Result<PutOutcome> put(const ObjectToPut&) override { return PutOutcome::created; }
  Result<std::optional<Buffer>> get(std::string_view key, std::size_t) override {
    const auto found = objects.find(key);
    return found == objects.end() ? std::optional<Buffer>() : found->second;
  }
  Result<std::vector<StoredObject>> list(std::string_view, std::string_view, std::size_t) override {
    return std::vector<StoredObject>();
  }
  Result<void> remove(std::string_view) override { return {}; }
  Result<std::size_t> abort_leftovers(std::string_view, std::string_view, WallTime) override { return std::size_t{0}; }
};

class Chain : public testing::Test {
 protected:
  void SetUp() override {
    for (std::uint64_t i = 0; i < 3; ++i) append(i, stream::Offset(static_cast<std::int64_t>(i) * 100));
  }
  void append(std::uint64_t index, stream::Offset first) {
    ManifestEntry entry = sample_entry();
    entry.cut.index = index;
    entry.cut.first = first;
    entry.cut.last = first + 99;
    entry.previous = previous_;
    const std::string bytes = encode(entry);
    store_.objects[manifest_key(entry.cut)] = to_buffer(as_bytes(bytes));
    previous_ = to_hex(sha256(as_bytes(bytes)));
  }
  Buffer& object(std::uint64_t index) {
    Cut cut = test::sample_cut();
    cut.index = index;
    return store_.objects[manifest_key(cut)];
  }

  MapStore store_;
  std::string previous_;
  ManifestReader reader_{store_, test::sample_cut().source, ""};
};

TEST_F(Chain, IsReadToItsEndAndGoesOnWhenItGrows) {
  for (std::uint64_t i = 0; i < 3; ++i) {
    auto entry = reader_.next();
    ASSERT_TRUE(entry && *entry) << i;
    EXPECT_EQ((*entry)->cut.index, i);
  }
  auto none = reader_.next();
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  append(3, stream::Offset(300));
  auto entry = reader_.next();
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ((*entry)->cut.index, 3u);
}

TEST_F(Chain, ReplacedEntryIsFoundByTheNextOne) {
  Buffer& second = object(1);
  second = to_buffer(as_bytes(with(std::string(as_text(second)), "\"size\":12345", "\"size\":12346")));
  ASSERT_TRUE(reader_.next());
  ASSERT_TRUE(reader_.next());
  auto third = reader_.next();
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Errc::corrupt);
  EXPECT_NE(third.error().context.find("000000000002.json: does not follow"), std::string::npos);
}

TEST_F(Chain, EntryUnderAnotherNameIsFound) {
  object(0) = object(2);
  auto first = reader_.next();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Errc::corrupt);
}

TEST_F(Chain, ResumesBehindAnEntry) {
  ASSERT_TRUE(reader_.next());
  ManifestReader again(store_, test::sample_cut().source, "");
  again.resume(reader_.next_index(), reader_.previous());
  auto entry = again.next();
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ((*entry)->cut.index, 1u);
}

TEST(VerifyObject, ComparesLengthAndDigest) {
  const Buffer body = to_buffer(as_bytes("hello"));
  ManifestEntry::Object listed{"k", 5, to_hex(sha256(body)), 1, "", ""};
  EXPECT_TRUE(verify_object(listed, body));
  EXPECT_FALSE(verify_object(listed, as_bytes("hellp")));
  EXPECT_FALSE(verify_object(listed, as_bytes("hell")));
}

}  // namespace
}  // namespace forebay::gateway::delivery
