// Access keys: file forms, privacy of the files, device patterns.
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/auth/key_file.h"
#include "gateway/auth/key_store.h"
#include "gateway/auth/pattern.h"
#include "sys/posix_file_system.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::auth {
namespace {

TEST(DevicePattern, MatchesWholeNames) {
  struct Row {
    const char* pattern;
    const char* name;
    bool matches;
  };
  for (const Row& row :
       {Row{"press-*", "press-07", true}, Row{"press-*", "press-", true}, Row{"press-*", "xpress-07", false},
        Row{"press-0?", "press-07", true}, Row{"press-0?", "press-077", false}, Row{"*", "", true},
        Row{"a*b*c", "a-b-b-c", true}, Row{"a*b*c", "a-b-b", false}, Row{"exact", "exact", true},
        Row{"exact", "Exact", false}, Row{"?", "", false}})
    EXPECT_EQ(matches_pattern(row.pattern, row.name), row.matches) << row.pattern << " " << row.name;
}

TEST(KeyFile, FirstStartMakesAPrivateAdminKeyThatIsReadAgain) {
  forebay::test::TempDirectory folder;
  forebay::test::SeededEntropy entropy(1);
  PosixFileSystem files;
  KeyStore::Paths paths;
  paths.admin_key = folder.path() + "/admin.key";
  paths.key_list = folder.path() + "/keys.json";
  KeyStore first;
  auto loaded = first.load(files, entropy, paths);
  ASSERT_TRUE(loaded.ok()) << loaded.error().context;
  EXPECT_TRUE(loaded->admin_key_made);
  EXPECT_EQ(std::filesystem::status(paths.admin_key).permissions(), std::filesystem::perms(0600));
  const AccessKey made = read_key_file(files, paths.admin_key)->at(0);
  EXPECT_EQ(made.id.size(), 20u);
  EXPECT_EQ(made.secret.size(), 40u);
  KeyStore second;
  EXPECT_FALSE(second.load(files, entropy, paths)->admin_key_made);
  EXPECT_EQ(second.find(made.id)->secret, made.secret);
}

TEST(KeyFile, OpenToOthersIsRefusedWithTheRemedyAndWithoutTheSecret) {
  forebay::test::TempDirectory folder;
  forebay::test::SeededEntropy entropy(1);
  PosixFileSystem files;
  const std::string path = folder.path() + "/admin.key";
  const std::string text = "access_key_id = \"CANARYID\"\nsecret_access_key = \"canarysecret\"\n";
  ASSERT_TRUE(replace_file(files, path, as_bytes(text)).ok());
  for (const int mode : {0640, 0604, 0644, 0620}) {
    std::filesystem::permissions(path, std::filesystem::perms(mode));
    const auto read = read_key_file(files, path);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, Errc::permission);
    EXPECT_NE(read.error().context.find("chmod 600"), std::string::npos);
    EXPECT_EQ(read.error().context.find("canary"), std::string::npos);
  }
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  EXPECT_TRUE(read_key_file(files, path).ok());
}

TEST(KeyFile, ListOfKeysWithRolesAndPatterns) {
  const auto keys = parse_key_list(
      R"({"keys":[{"access_key_id":"AAAA","secret_access_key":"ssssssss","role":"device","device":"press-*"},
                                      {"access_key_id":"BBBB","secret_access_key":"tttttttt","note":"ops"}]})");
  ASSERT_TRUE(keys.ok()) << keys.error().context;
  EXPECT_EQ(keys->at(0).role, Role::device);
  EXPECT_TRUE(keys->at(0).allows_device("press-9"));
  EXPECT_FALSE(keys->at(0).allows_device("lathe-9"));
  EXPECT_EQ(keys->at(1).role, Role::admin);
}

TEST(KeyFile, MistakesAreNamed) {
  const char* bad[] = {"",
                       "{",
                       "[]",
                       R"({"keys":{}})",
                       R"({"keys":[5]})",
                       R"({"keys":[{"access_key_id":"AAAA"}]})",
                       R"({"keys":[{"access_key_id":"A A A","secret_access_key":"ssssssss"}]})",
                       R"({"keys":[{"access_key_id":"AAAA","secret_access_key":"ssssssss","role":"king"}]})",
                       R"({"keys":[{"access_key_id":"AAAA","secret_access_key":"ssssssss","devise":"x"}]})"};
  for (const char* text : bad) {
    const auto keys = parse_key_list(text);
    ASSERT_FALSE(keys.ok()) << text;
    EXPECT_NE(keys.error().context, "");
    EXPECT_EQ(keys.error().context.find("ssssssss"), std::string::npos);
  }
  EXPECT_FALSE(parse_single_key("access_key_id = \"AAAA\"\nsecret = \"x\"\n", "f").ok());
  EXPECT_FALSE(parse_single_key("rubbish", "f").ok());
}

TEST(KeyStore, ADamagedFileKeepsTheKnownKeysAndATwiceNamedKeyIsRefused) {
  forebay::test::TempDirectory folder;
  forebay::test::SeededEntropy entropy(1);
  PosixFileSystem files;
  KeyStore::Paths paths;
  paths.admin_key = folder.path() + "/admin.key";
  paths.key_list = folder.path() + "/keys.json";
  KeyStore store;
  ASSERT_TRUE(store.load(files, entropy, paths).ok());
  ASSERT_TRUE(replace_file(files, paths.key_list, as_bytes("{")).ok());
  EXPECT_FALSE(store.load(files, entropy, paths).ok());
  EXPECT_EQ(store.size(), 1u);
  const AccessKey admin = read_key_file(files, paths.admin_key)->at(0);
  const std::string twice = R"({"keys":[{"access_key_id":")" + admin.id + R"(","secret_access_key":"ssssssss"}]})";
  ASSERT_TRUE(replace_file(files, paths.key_list, as_bytes(twice)).ok());
  const auto loaded = store.load(files, entropy, paths);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().context.find("twice"), std::string::npos);
}

}  // namespace
}  // namespace forebay::gateway::auth
