// Layers, types, repeated tables, substitution, origins, and every kind of mistake with its place and remedy.
#include "base/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sys/posix_file_system.h"
#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

using ::testing::HasSubstr;

constexpr Option kOptions[] = {
    {.name = "device", .text = "Name of this device.", .max = 16, .required = true},
    {.name = "verbose", .type = OptionType::boolean, .default_value = "false", .text = "Says more."},
    {.name = "spool.path", .type = OptionType::path, .default_value = "/var/lib/x", .text = "Folder."},
    {.name = "spool.max_size",
     .type = OptionType::size,
     .default_value = "1 GiB",
     .text = "Disk space.",
     .min = 1 << 20},
    {.name = "spool.when_full",
     .type = OptionType::enumeration,
     .default_value = "block",
     .text = "Policy.",
     .allowed = "drop_oldest,drop_newest,block"},
    {.name = "upload.interval",
     .type = OptionType::duration,
     .default_value = "5 s",
     .text = "Time.",
     .min = 100,
     .max = 60'000},
    {.name = "upload.batch_records_max",
     .type = OptionType::integer,
     .default_value = "500",
     .text = "Count | of a batch.",
     .min = 1,
     .max = 1000,
     .unit = "records"},
    {.name = "upload.secret", .text = "Key.", .secret = true},
    {.name = "labels", .type = OptionType::string_list, .text = "Labels.", .max = 3},
};
constexpr Option kCommon[] = {{.name = "stream", .text = "Stream.", .required = true}};
constexpr Option kFile[] = {
    {.name = "paths", .type = OptionType::string_list, .text = "Globs.", .min = 1, .required = true},
    {.name = "line.size_max", .type = OptionType::size, .default_value = "256 KiB", .text = "Limit."}};
constexpr Option kSensor[] = {
    {.name = "interval", .type = OptionType::duration, .default_value = "1 s", .text = "Period."}};

struct ConfigFileTest : ::testing::Test {
  test::TempDirectory directory;
  PosixFileSystem files;
  ConfigSchema schema{
      .options = kOptions,
      .tables = {{.name = "source",
                  .selector = "type",
                  .common = kCommon,
                  .variants = {{.name = "file", .options = kFile}, {.name = "sensor", .options = kSensor}},
                  .rows_max = 4}}};
  ConfigInput input{.path = directory.file("a.toml"), .environment_prefix = "FB_"};

  Result<Config> load(std::string_view text) {
    directory.write("a.toml", text);
    return load_config(files, schema, input);
  }
  /// Lines of the error, without the folder in front.
  std::vector<std::string> problems(std::string_view text) {
    const Result<Config> config = load(text);
    std::vector<std::string> lines;
    if (config.ok()) return lines;
    EXPECT_EQ(config.error().code, Errc::invalid_argument);
    std::string all = config.error().context + "\n";
    for (std::size_t end; (end = all.find('\n')) != std::string::npos; all.erase(0, end + 1)) {
      std::string line = all.substr(0, end);
      if (line.starts_with(directory.path())) line.erase(0, directory.path().size() + 1);
      lines.push_back(line);
    }
    return lines;
  }
};

TEST_F(ConfigFileTest, ReadsEveryTypeAndKnowsOrigins) {
  const auto config = load(R"(device = "press-07"   # a comment with é
labels = ["a", "b"]
verbose = true
[spool]
max_size = "64 MiB"
when_full = 'drop_oldest'
[upload]
interval = "250 ms"
batch_records_max = 7
[[source]]
type = "file"
stream = "web"
paths = ["/var/log/*.log"]
line.size_max = 4096
[[source]]
type = "sensor"
stream = "load"
)");
  ASSERT_TRUE(config.ok()) << config.error().to_string();
  EXPECT_EQ(config->text("device"), "press-07");
  EXPECT_EQ(config->origin("device"), directory.file("a.toml") + ":1:10");
  EXPECT_EQ(config->list("labels"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(config->boolean("verbose"));
  EXPECT_EQ(config->size("spool.max_size"), 64u << 20);
  EXPECT_EQ(config->text("spool.when_full"), "drop_oldest");
  EXPECT_EQ(config->duration("upload.interval"), Milliseconds(250));
  EXPECT_EQ(config->integer("upload.batch_records_max"), 7);
  EXPECT_EQ(config->text("spool.path"), "/var/lib/x");
  EXPECT_FALSE(config->given("spool.path"));
  EXPECT_EQ(config->origin("spool.path"), "default");
  EXPECT_FALSE(config->has("upload.secret"));
  EXPECT_EQ(config->text("upload.secret"), "");
  const auto& sources = config->tables("source");
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].variant(), "file");
  EXPECT_EQ(sources[0].size("line.size_max"), 4096u);
  EXPECT_EQ(sources[1].variant(), "sensor");
  EXPECT_EQ(sources[1].duration("interval"), Milliseconds(1000));
  EXPECT_EQ(config->problem("device", "is taken").context, directory.file("a.toml") + ":1:10: device: is taken");
}

TEST_F(ConfigFileTest, LaterLayersWin) {
  directory.write("a.toml.d/20.toml", "device = \"twenty\"\n[[source]]\ntype=\"sensor\"\nstream=\"s\"\n");
  directory.write("a.toml.d/10.toml", "device = \"ten\"\nverbose = true\n[spool]\nmax_size = \"2 MiB\"\n");
  directory.write("a.toml.d/README", "not toml [");
  input.environment = {{"FB_SPOOL_MAX_SIZE", "3 MiB"}, {"FB_UPLOAD_INTERVAL", "1 s"}, {"HOME", "/x"}};
  input.settings = {{"upload.interval", "2 s", "--set upload.interval"}};
  const auto config = load("device = \"file\"\n[[source]]\ntype=\"sensor\"\nstream=\"f\"\n");
  ASSERT_TRUE(config.ok()) << config.error().to_string();
  EXPECT_EQ(config->text("device"), "twenty");
  EXPECT_TRUE(config->boolean("verbose"));
  EXPECT_EQ(config->size("spool.max_size"), 3u << 20);
  EXPECT_EQ(config->origin("spool.max_size"), "environment FB_SPOOL_MAX_SIZE");
  EXPECT_EQ(config->duration("upload.interval"), Milliseconds(2000));
  EXPECT_EQ(config->origin("upload.interval"), "--set upload.interval");
  ASSERT_EQ(config->tables("source").size(), 2u);
  EXPECT_EQ(config->tables("source")[0].text("stream"), "f");
}

TEST_F(ConfigFileTest, WorksWithoutAFile) {
  input.path.clear();
  input.settings = {{"device", "d", "--device"}};
  EXPECT_TRUE(load_config(files, schema, input).ok());
  input.path = directory.file("missing.toml");
  EXPECT_EQ(load_config(files, schema, input).error().code, Errc::not_found);
}

TEST_F(ConfigFileTest, SubstitutesInStrings) {
  const std::string key = directory.write("key", "s3cret\n");
  input.environment = {{"NAME", "n1"}, {"COUNT", "9"}, {"EMPTY", ""}};
  const auto config = load(
      "device = \"${NAME}-$$5-${NONE:-x}${EMPTY:-y}$z\"\nlabels=[\"${NAME}\"]\n[upload]\n"
      "batch_records_max = \"${COUNT}\"\nsecret = \"${file:" +
      key + "}\"\n");
  ASSERT_TRUE(config.ok()) << config.error().to_string();
  EXPECT_EQ(config->text("device"), "n1-$5-xy$z");
  EXPECT_EQ(config->list("labels")[0], "n1");
  EXPECT_EQ(config->integer("upload.batch_records_max"), 9);
  EXPECT_EQ(config->text("upload.secret"), "s3cret");
}

TEST_F(ConfigFileTest, ReportsEveryMistakeWithPlaceAndRemedy) {
  const auto lines = problems(R"(device = 5
vrebose = true
spool = 3
[upload]
interval = "1 ms"
batch_records_max = "x"
secret = "${NO_SUCH}"
[spol]
max_size = "1 MiB"
[[source]]
type = "fiel"
[[source]]
type = "file"
paths = []
max_size = 3
[[sourec]]
type = "file"
)");
  const std::vector<std::string> expected = {
      "a.toml:1:10: device: is the number 5, but must be: string, at most 16 bytes; write for example \"text\"",
      "a.toml:2:11: vrebose: no such option; did you mean \"verbose\"?",
      "a.toml:3:9: spool: is a table; write [spool]",
      "a.toml:5:12: upload.interval: is \"1 ms\", but must be: duration, 100 ms to 1 min; write for example \"5 s\"",
      "a.toml:6:21: upload.batch_records_max: is a text, but must be: integer, records, 1 to 1000; write for example "
      "10",
      "a.toml:7:10: upload.secret: environment variable NO_SUCH is not set; set it or write ${NO_SUCH:-default}",
      "a.toml:8:2: spol: no such option; did you mean \"spool\"?",
      "a.toml:11:8: source.type: must be one of \"file\", \"sensor\"; did you mean \"file\"?",
      "a.toml:14:9: paths: is a list of 0, but must be: list of strings, at least 1 items; write for example [\"one\", "
      "\"two\"]",
      "a.toml:15:12: max_size: no such option; remove it, or see docs/CONFIG.md for the names",
      "a.toml:12:1: stream: is missing; add it: string",
      "a.toml:12:1: paths: is missing; add it: list of strings, at least 1 items",
      "a.toml:16:1: [[sourec]]: no such option; did you mean \"source\"?",
      "a.toml: device: is missing; add it: string, at most 16 bytes"};
  EXPECT_EQ(lines, expected);
}

TEST_F(ConfigFileTest, MistakesInEnvironmentAndFlags) {
  input.environment = {{"FB_SPOOL_MAXSIZE", "1 MiB"}, {"FB_VERBOSE", "yes"}};
  input.settings = {{"when_full", "block", "--set when_full"},
                    {"spool.when_full", "drop_odlest", "--set spool.when_full"}};
  const auto lines = problems("device = \"d\"\n");
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "environment: FB_SPOOL_MAXSIZE: no such option; did you mean \"FB_SPOOL_MAX_SIZE\"?");
  EXPECT_THAT(lines[1], HasSubstr("environment FB_VERBOSE: verbose: is \"yes\", but must be: true or false"));
  EXPECT_EQ(lines[2], "--set when_full: when_full: no such option; did you mean \"spool.when_full\"?");
  EXPECT_THAT(lines[3], HasSubstr("did you mean \"drop_oldest\"?"));
}

TEST_F(ConfigFileTest, SyntaxErrorsAndTheirCap) {
  EXPECT_THAT(problems("device = \"d\n").at(0), HasSubstr("a.toml:1:"));
  std::string many;
  for (int i = 0; i < 30; ++i) many += "unknown" + std::to_string(i) + " = 1\n";
  const auto lines = problems(many);
  ASSERT_EQ(lines.size(), kConfigProblemsMax + 1);
  EXPECT_EQ(lines.back(), "and 11 more");
}

TEST_F(ConfigFileTest, RepeatedTablesAreBounded) {
  std::string text = "device = \"d\"\n";
  for (int i = 0; i < 5; ++i) text += "[[source]]\ntype = \"sensor\"\nstream = \"s\"\n";
  EXPECT_THAT(problems(text).at(0), HasSubstr("more than 4 of them"));
  EXPECT_THAT(problems("device = \"d\"\n[source]\ntype = \"sensor\"\n").at(0), HasSubstr("write [[source]]"));
}

TEST_F(ConfigFileTest, PrintsTheEffectiveConfigurationWithoutSecrets) {
  const auto config =
      load("device = \"d\"\n[upload]\nsecret = \"hush\"\n[[source]]\ntype = \"sensor\"\nstream = \"s\"\n");
  ASSERT_TRUE(config.ok());
  const std::string text = config->to_text();
  EXPECT_THAT(text, HasSubstr("spool.max_size = \"1 GiB\"  # default\n"));
  EXPECT_THAT(text, HasSubstr("device = \"d\"  # " + input.path + ":1:10\n"));
  EXPECT_THAT(text, HasSubstr("[[source]]\nstream = \"s\""));
  EXPECT_EQ(text.find("hush"), std::string::npos);
}

TEST_F(ConfigFileTest, PrintsMarkdownFromTheSameRows) {
  const std::string text = options_markdown(schema);
  EXPECT_THAT(text, HasSubstr("### `[spool]`"));
  EXPECT_THAT(
      text,
      HasSubstr("| `upload.batch_records_max` | integer, records, 1 to 1000 | `500` | Count \\| of a batch. |\n"));
  EXPECT_THAT(text, HasSubstr("### `[[source]]` with `type = \"file\"`"));
  EXPECT_THAT(text, HasSubstr("| `device` | string, at most 16 bytes | required | Name of this device. |\n"));
}

TEST(ParseSetting, SplitsAtTheFirstEqualsSign) {
  const auto setting = parse_setting("a.b=c=d");
  ASSERT_TRUE(setting.ok());
  EXPECT_EQ(setting->name, "a.b");
  EXPECT_EQ(setting->value, "c=d");
  EXPECT_FALSE(parse_setting("novalue").ok());
  EXPECT_FALSE(parse_setting("=x").ok());
}

}  // namespace
}  // namespace forebay
