#include "wire/aws/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace forebay::wire::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(KeyFile, TakesQuotesCommentsAndSections) {
  const auto key = parse_key_file(
      "# made by forebay\n[key]\r\n  access_key_id = \"FBAK1\"  # ours\r\n\nsecret_access_key=a#b/c= # not this\n"
      "session_token = \"# \"",
      "f");
  ASSERT_TRUE(key) << key.error().to_string();
  EXPECT_EQ(key->access_key_id, "FBAK1");
  EXPECT_EQ(key->secret_access_key, "a#b/c=");
  EXPECT_EQ(key->session_token, "# ");
}

TEST(KeyFile, ErrorsNameFileAndLineAndNoSecret) {
  for (const char* bad : {"secret_access_key = \"s3cr3t", "secret_access_key = \"s3cr3t\" s3cr3t", "s3cr3t",
                          " = \"s3cr3t\"", "akid = s3cr3t", "s3cr3t="}) {
    const auto key = parse_key_file("access_key_id = \"a\"\n" + std::string(bad) + "\n", "the/file");
    ASSERT_FALSE(key) << bad;
    EXPECT_EQ(key.error().code, Errc::invalid_argument);
    EXPECT_THAT(key.error().context, HasSubstr("the/file:2: "));
    EXPECT_THAT(key.error().context, Not(HasSubstr("s3cr3t")));
  }
  EXPECT_THAT(parse_key_file("akid = a\n", "f").error().context, HasSubstr("f:1: unknown name; a key file has access_key_id"));
  for (const char* half : {"", "access_key_id = \"a\"", "secret_access_key = s3cr3t\naccess_key_id=\"\""})
    EXPECT_THAT(parse_key_file(half, "f").error().context, HasSubstr("secret_access_key is missing")) << half;
}

}  // namespace
}  // namespace forebay::wire::aws
