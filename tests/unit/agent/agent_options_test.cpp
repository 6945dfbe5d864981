// The agent's configuration: what the issue's example gives, and what wrong files are told.
#include "agent/agent_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sys/posix_file_system.h"
#include "tests/support/temp_directory.h"

namespace forebay::agent {
namespace {

using testing::HasSubstr;

constexpr std::string_view kExample = R"(device = "press-07"
[gateway]
url = "https://gw.example:4567/"
key_file = "/etc/forebay/agent.key"
[spool]
path = "/var/lib/forebay-agent/spool"
max_size = "1 GiB"
when_full = "drop_newest"
[upload]
batch_age = "100 ms"
compression = "none"
[[source]]
type = "file"
paths = ["/var/log/nginx/*.log"]
stream = "web"
key = "{device}"
)";

class AgentOptionsTest : public testing::Test {
 protected:
  Result<AgentOptions> read(std::string_view text, std::vector<ConfigSetting> settings = {}) {
    ConfigInput input;
    input.path = folder.write("agent.toml", text);
    input.settings = std::move(settings);
    FB_TRY(config, load_config(files, agent_schema(), input));
    return agent_options(config);
  }
  std::string problem(std::string_view text) {
    auto options = read(text);
    EXPECT_FALSE(options);
    return options ? std::string() : options.error().context;
  }

  test::TempDirectory folder;
  PosixFileSystem files;
  Config config;
};

TEST_F(AgentOptionsTest, ExampleGivesItsValuesAndTheDefaults) {
  const auto options = read(kExample);
  ASSERT_TRUE(options) << options.error().context;
  EXPECT_EQ(options->device, "press-07");
  EXPECT_EQ(options->gateway.url, "https://gw.example:4567");
  EXPECT_EQ(options->gateway.region, "us-east-1");
  EXPECT_EQ(options->spool.max_bytes, 1_GiB);
  EXPECT_EQ(options->spool.when_full, spool::WhenFull::drop_newest);
  EXPECT_EQ(options->spool.free_space_floor, 64_MiB);
  EXPECT_EQ(options->upload.batch_age, Milliseconds(100));
  EXPECT_EQ(options->upload.codec, 0);
  EXPECT_EQ(options->upload.batch_bytes_max, 1_MiB);
  ASSERT_EQ(options->sources.size(), 1u);
  EXPECT_EQ(options->sources[0]->text("stream"), "web");
}

TEST_F(AgentOptionsTest, FlagsAloneAreEnough) {
  const auto options = read("", {{"gateway.url", "http://127.0.0.1:4567", "--gateway"}});
  ASSERT_TRUE(options) << options.error().context;
  EXPECT_EQ(options->gateway.url, "http://127.0.0.1:4567");
}

TEST_F(AgentOptionsTest, MisspeltNameIsShownWithPlaceAndSuggestion) {
  const std::string text = problem("[gateway]\nurl = \"http://a:1\"\n[spool]\nmax_sise = \"1 GiB\"\n");
  EXPECT_THAT(text, HasSubstr("agent.toml:4:1"));
  EXPECT_THAT(text, HasSubstr("max_size"));
}

TEST_F(AgentOptionsTest, MissingUrlAndWrongOnesNameTheRemedy) {
  EXPECT_THAT(problem("device = \"a\"\n"), HasSubstr("gateway.url"));
  EXPECT_THAT(problem("[gateway]\nurl = \"gw.example:4567\"\n"), HasSubstr("http://"));
  EXPECT_THAT(problem("[gateway]\nurl = \"https://\"\n"), HasSubstr("scheme, host and port"));
  EXPECT_THAT(problem("[gateway]\nurl = \"http://a:1\"\nca_file = \"/x.pem\"\n"), HasSubstr("https://"));
}

TEST_F(AgentOptionsTest, ALineLimitThatTheSpoolCannotHoldIsRefusedOnlyWhenSomebodyChoseIt) {
  const std::string small = "[gateway]\nurl = \"http://gw:1\"\n[spool]\nmax_size = \"4 MiB\"\n"
                            "[[source]]\ntype = \"file\"\npaths = [\"/a\"]\nstream = \"s\"\n";
  EXPECT_TRUE(read(small)) << "the default is lowered";
  const std::string wrong = problem(small + "line_bytes_max = \"256 KiB\"\n");
  EXPECT_THAT(wrong, HasSubstr("agent.toml:9:"));
  EXPECT_THAT(wrong, HasSubstr("line_bytes_max"));
  EXPECT_THAT(wrong, HasSubstr("261120 bytes"));
  EXPECT_THAT(wrong, HasSubstr("spool.max_size"));
  EXPECT_TRUE(read(small + "line_bytes_max = \"255 KiB\"\n"));
}

TEST_F(AgentOptionsTest, BoundsAndChoicesAreChecked) {
  const std::string head = "[gateway]\nurl = \"http://a:1\"\n";
  EXPECT_THAT(problem(head + "[spool]\nmax_size = \"1 MiB\"\n"), HasSubstr("spool.max_size"));
  EXPECT_THAT(problem(head + "[spool]\nwhen_full = \"explode\"\n"), HasSubstr("drop_oldest"));
  EXPECT_THAT(problem(head + "[upload]\nbatch_age = \"1\"\n"), HasSubstr("upload.batch_age"));
}

}  // namespace
}  // namespace forebay::agent
