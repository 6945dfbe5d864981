#include "cli/settings.h"

#include <gtest/gtest.h>

#include "fakes.h"

namespace forebay::cli {
namespace {

using testing::ReadOnlyFiles;

Environment from_map(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

TEST(Settings, DefaultToTheLocalGatewayWithoutKeys) {
  ReadOnlyFiles files;
  const auto settings = load_settings(files, from_map({}), {});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->endpoint, "http://127.0.0.1:4567");
  EXPECT_EQ(settings->region, "us-east-1");
  EXPECT_EQ(settings->credentials.access_key_id, "");
}

TEST(Settings, FlagsWinOverEnvironmentOverFile) {
  ReadOnlyFiles files;
  files.files["/home/u/.config/forebay"] =
      "endpoint = \"http://file:1\"\nregion = \"from-file\"\naccess_key_id = \"AKFILE\"\nsecret_access_key = \"s\"\n";
  files.files["/k"] = "# made by the gateway\naccess_key_id = \"AKFLAG\"\nsecret_access_key = \"s#1\" # comment\n";
  const std::map<std::string, std::string> home{{"HOME", "/home/u"}};
  auto settings = load_settings(files, from_map(home), {});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->endpoint, "http://file:1");
  EXPECT_EQ(settings->region, "from-file");
  EXPECT_EQ(settings->credentials.access_key_id, "AKFILE");

  auto environment = home;
  environment["FOREBAY_ENDPOINT"] = "gw:4567/";
  environment["AWS_ACCESS_KEY_ID"] = "AKENV";
  environment["AWS_SECRET_ACCESS_KEY"] = "s";
  settings = load_settings(files, from_map(environment), {});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->endpoint, "http://gw:4567");
  EXPECT_EQ(settings->credentials.access_key_id, "AKENV");

  settings = load_settings(files, from_map(environment), {"https://flag:9", "eu-west-1", "/k"});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->endpoint, "https://flag:9");
  EXPECT_EQ(settings->region, "eu-west-1");
  EXPECT_EQ(settings->credentials.access_key_id, "AKFLAG");
  EXPECT_EQ(settings->credentials.secret_access_key, "s#1");
  EXPECT_EQ(settings->credentials_from, "/k");
}

TEST(Settings, TakeTheKeyOfAGatewayStartedHere) {
  ReadOnlyFiles files;
  files.files["forebay-data/admin.key"] = "access_key_id = \"AKLOCAL\"\nsecret_access_key = \"s\"\n";
  const auto settings = load_settings(files, from_map({}), {});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->credentials.access_key_id, "AKLOCAL");
}

TEST(Settings, ErrorsNameFileLineAndRemedy) {
  ReadOnlyFiles files;
  files.files["/bad"] = "access_key_id = \"A\"\nnonsense\n";
  files.files["/half"] = "access_key_id = \"A\"\n";
  EXPECT_NE(read_key_file(files, "/bad").error().context.find("/bad:2"), std::string::npos);
  EXPECT_NE(read_key_file(files, "/half").error().context.find("secret_access_key"), std::string::npos);
  EXPECT_EQ(read_key_file(files, "/none").error().code, Errc::not_found);
  EXPECT_FALSE(load_settings(files, from_map({}), {"ftp://x", "", ""}).ok());
  EXPECT_FALSE(load_settings(files, from_map({{"AWS_ACCESS_KEY_ID", "A"}}), {}).ok());
}

}  // namespace
}  // namespace forebay::cli
