#include "agent/uploader/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_directory.h"

namespace forebay::agent {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGood = "# made by forebay\naccess_key_id = \"FBAK1\"\nsecret_access_key = \"s3cr3t\"\n";

TEST(KeyFile, ReadsBothValues) {
  test::TempDirectory folder;
  const auto path = folder.write("agent.key", kGood);
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  const auto key = read_key_file(path);
  ASSERT_TRUE(key) << key.error().to_string();
  EXPECT_EQ(key->access_key_id, "FBAK1");
  EXPECT_EQ(key->secret_access_key, "s3cr3t");
}

TEST(KeyFile, OpenToOthersIsRefusedWithTheRemedy) {
  test::TempDirectory folder;
  const auto path = folder.write("agent.key", kGood);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto key = read_key_file(path);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, Errc::permission);
  EXPECT_THAT(key.error().context, HasSubstr("chmod 600 " + path));
}

TEST(KeyFile, ErrorsNameTheFile) {
  test::TempDirectory folder;
  const auto path = folder.write("agent.key", "access_key_id = \"a\"\nrubbish\n");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_THAT(read_key_file(path).error().context, HasSubstr(path + ":2: "));
}

}  // namespace
}  // namespace forebay::agent
