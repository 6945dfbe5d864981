#include "agent/source/rotation_name.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/source/content_hash.h"
#include "agent/source/file_identity.h"
#include "agent/source/path_pattern.h"

namespace forebay::agent {
namespace {

TEST(RotationName, RecognisesTheUsualFormsAndTheirBase) {
  using Kind = RotationName::Kind;
  struct Row {
    const char* name;
    const char* base;
    Kind kind;
    bool compressed = false;
  };
  for (const Row& row :
       {Row{"app.log", "app.log", Kind::live}, Row{"app.log.1", "app.log", Kind::numbered},
        Row{"app.log.12.gz", "app.log", Kind::numbered, true}, Row{"app.2.log", "app.log", Kind::numbered},
        Row{"app.log-20260131", "app.log", Kind::dated}, Row{"app.log-20260131.gz", "app.log", Kind::dated, true},
        Row{"app.log.2026-01-31", "app.log", Kind::dated}, Row{"app.log-2026013115", "app.log", Kind::dated},
        Row{"app.log-1767225600", "app.log", Kind::dated}, Row{"app-2026-01-31.log", "app.log", Kind::dated},
        Row{"app-2026-01-31", "app", Kind::dated}, Row{"app.log-20260131.1", "app.log", Kind::dated},
        Row{"syslog", "syslog", Kind::live}, Row{"worker-1.log", "worker-1.log", Kind::live},
        Row{"app.log.gz", "app.log", Kind::live, true}, Row{".hidden", ".hidden", Kind::live},
        Row{"v1.2.3", "v1.2", Kind::numbered}, Row{"20260131", "20260131", Kind::live},
        Row{".gz", ".gz", Kind::live}}) {
    const RotationName name = parse_rotation_name(row.name);
    EXPECT_EQ(name.base, row.base) << row.name;
    EXPECT_EQ(name.kind, row.kind) << row.name;
    EXPECT_EQ(name.compressed, row.compressed) << row.name;
  }
}

TEST(RotationName, OrdersOldestFirst) {
  const auto order = [](std::vector<std::string> names) {
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
      const auto x = parse_rotation_name(a);
      const auto y = parse_rotation_name(b);
      return before({x.kind, x.stamp, 0, a}, {y.kind, y.stamp, 0, b});
    });
    return names;
  };
  EXPECT_EQ(order({"a", "a.1", "a.10", "a.2"}), (std::vector<std::string>{"a.10", "a.2", "a.1", "a"}));
  EXPECT_EQ(order({"a-20260201", "a", "a-20260131", "a-20260131.1"}),
            (std::vector<std::string>{"a-20260131", "a-20260131.1", "a-20260201", "a"}));
}

TEST(PathPattern, MatchesWithinPartsAndAcrossFolders) {
  EXPECT_TRUE(path_matches("/var/log/*.log", "/var/log/a.log"));
  EXPECT_FALSE(path_matches("/var/log/*.log", "/var/log/x/a.log"));
  EXPECT_FALSE(path_matches("/var/log/*", "/var/log/.hidden"));
  EXPECT_TRUE(path_matches("/var/**/a.log", "/var/a.log"));
  EXPECT_TRUE(path_matches("/var/**/a.log", "/var/x/y/a.log"));
  EXPECT_FALSE(path_matches("/var/**/a.log", "/var/x/.y/a.log"));
  EXPECT_TRUE(path_matches("/v[a-c]r/?.log", "/var/x.log"));
}

TEST(ContentHash, DependsOnBytesOnlyNotOnPieces) {
  Buffer bytes;
  for (int i = 0; i < 1000; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7));
  const std::uint64_t whole = content_hash(bytes);
  for (std::size_t cut = 0; cut < 40; ++cut) {
    ContentHash hash;
    hash.update(ByteView(bytes).first(cut));
    Buffer stored;
    hash.encode(stored);
    hash = ContentHash::decode(stored);
    hash.update(ByteView(bytes).subspan(cut));
    EXPECT_EQ(hash.value(), whole) << cut;
  }
  EXPECT_NE(content_hash(ByteView(bytes).first(8)), content_hash(ByteView(bytes).first(7)));
  // The same on every machine: stored positions move with the disk.
  EXPECT_EQ(content_hash(as_bytes("forebay")), 9249602021898690466ULL);
}

TEST(FilePosition, SurvivesEncodingAndRefusesDamage) {
  FilePosition position;
  position.path = "/var/log/a.log";
  position.identity = {1, 2, 3};
  position.generation = 4;
  position.offset = 5000;
  position.head = {4096, 6};
  position.tail = {4096, 7};
  position.prefix.update(as_bytes("abc"));
  position.followed_since_ms = 8;
  position.updated_ms = 9;
  const Buffer encoded = position.encode();
  const auto decoded = FilePosition::decode(encoded);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->encode(), encoded);
  EXPECT_EQ(decoded->identity, position.identity);
  for (std::size_t size = 0; size < encoded.size(); ++size)
    EXPECT_FALSE(FilePosition::decode(ByteView(encoded).first(size)).ok()) << size;
}

}  // namespace
}  // namespace forebay::agent
