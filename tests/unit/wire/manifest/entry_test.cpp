#include "wire/manifest/entry.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace forebay::wire::manifest {
namespace {

Entry full_entry() {
  Entry entry;
  entry.account = "000000000000";
  entry.region = "us-east-1";
  entry.delivery = "web-s3";
  entry.stream = "web";
  entry.stream_id = 17;
  entry.shard = 3;
  entry.shard_created = from_millis(1'763'722'000'000);
  entry.timeline = 1;
  entry.index = 9;
  entry.version = 2;
  entry.first = 4'294'967'296;
  entry.last = 4'294'967'300;
  entry.oldest = from_millis(1'763'722'000'123);
  entry.objects = {{"data/\"quoted\" \xc3\xa9", 12, std::string(64, 'a'), 5, "customer=1/", ""},
                   {"errors/x", 0, std::string(64, '0'), 0, "", "processing-failed"}};
  LaneMark mark;
  mark.lineage.root = {0, 1, 2, 255};
  mark.lineage.ordinal = 7;
  mark.lineage.nonce = 0xfedc'ba98'7654'3210u;
  mark.last = 1234;
  entry.lanes = {mark};
  entry.previous = std::string(64, 'b');
  return entry;
}

TEST(ManifestEntry, ReadsWhatItWrote) {
  const auto read = parse_entry(encode(full_entry()));
  ASSERT_TRUE(read.ok()) << read.error().context;
  EXPECT_EQ(*read, full_entry());
}

TEST(ManifestEntry, IsOneLineWithMembersInOrder) {
  const std::string text = encode(full_entry());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const std::string head =
      R"({"format":"forebay.manifest/1","account":"000000000000","region":"us-east-1","delivery":"web-s3",)"
      R"("stream":"web","stream_id":17,"shard":3,"shard_created_ms":1763722000000,"timeline":1,"replay":"","index":9,)"
      R"("version":2,"first":4294967296,"last":4294967300,"oldest_ms":1763722000123,"objects":[{"key":)";
  EXPECT_EQ(text.substr(0, head.size()), head);
  EXPECT_NE(text.find(R"("nonce":"fedcba9876543210")"), std::string::npos);
}

TEST(ManifestEntry, NamesTheMemberThatIsMissingOrOfAnotherType) {
  const auto whole = nlohmann::json::parse(encode(full_entry()));
  for (const auto& [name, value] : whole.items()) {
    auto without = whole;
    without.erase(name);
    const auto missing = parse_entry(without.dump());
    ASSERT_FALSE(missing.ok()) << name;
    EXPECT_EQ(missing.error().code, Errc::corrupt);
    EXPECT_NE(missing.error().context.find(name), std::string::npos) << missing.error().context;
    auto changed = whole;
    changed[name] = nlohmann::json::object();
    EXPECT_FALSE(parse_entry(changed.dump()).ok()) << name;
  }
  for (const char* name : {"key", "size", "sha256", "records", "partition", "error_type"}) {
    auto without = whole;
    without["objects"][1].erase(name);
    const auto missing = parse_entry(without.dump());
    ASSERT_FALSE(missing.ok()) << name;
    EXPECT_NE(missing.error().context.find(std::string("objects[1].") + name), std::string::npos);
  }
}

TEST(ManifestEntry, RefusesValuesThatCannotBe) {
  const auto whole = nlohmann::json::parse(encode(full_entry()));
  const auto refused = [&](const char* pointer, const nlohmann::json& value) {
    auto changed = whole;
    changed[nlohmann::json::json_pointer(pointer)] = value;
    return !parse_entry(changed.dump()).ok();
  };
  EXPECT_TRUE(refused("/shard", 4'294'967'296));
  EXPECT_TRUE(refused("/first", -1));
  EXPECT_TRUE(refused("/last", 1));
  EXPECT_TRUE(refused("/size", 1) == false) << "members it does not know are left alone";
  EXPECT_TRUE(refused("/objects/0/key", ""));
  EXPECT_TRUE(refused("/objects/0/sha256", "zz"));
  EXPECT_TRUE(refused("/objects/0/size", 1.5));
  EXPECT_TRUE(refused("/lanes/0/root", "00"));
  EXPECT_TRUE(refused("/lanes/0/nonce", "+edcba9876543210"));
  EXPECT_TRUE(refused("/previous", "00"));
  for (const char* text : {"", "[]", "null", "{", "{\"format\":5}"}) EXPECT_FALSE(parse_entry(text).ok()) << text;
}

TEST(ManifestEntry, RefusesAnotherFormatByName) {
  auto other = nlohmann::json::parse(encode(full_entry()));
  other["format"] = "forebay.manifest/2";
  const auto read = parse_entry(other.dump());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::unsupported);
  EXPECT_NE(read.error().context.find("forebay.manifest/2"), std::string::npos);
}

}  // namespace
}  // namespace forebay::wire::manifest
