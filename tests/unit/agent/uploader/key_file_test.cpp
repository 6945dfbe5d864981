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

TEST(KeyFile, ErrorsNameFileAndLineAndNoSecret) {
  const auto unquoted = parse_key_file("access_key_id = \"a\"\nsecret_access_key = s3cr3t\n", "k");
  EXPECT_THAT(unquoted.error().context, HasSubstr("k:2: "));
  EXPECT_THAT(unquoted.error().context, testing::Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(parse_key_file("akid = \"a\"\n", "k").error().context, HasSubstr("access_key_id"));
  EXPECT_FALSE(parse_key_file("access_key_id = \"a\"\n", "k"));
}

}  // namespace
}  // namespace forebay::agent
