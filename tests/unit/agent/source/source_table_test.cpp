#include "agent/source/source_table.h"

#include <gtest/gtest.h>

#include "base/config_file.h"
#include "sys/inotify_file_watcher.h"
#include "sys/posix_file_system.h"
#include "sys/system_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"

namespace forebay::agent {
namespace {

class SourceTable : public ::testing::Test {
 protected:
  /// The error of loading and building, or "".
  std::string problem(const std::string& toml, bool stdin_too = false) {
    const ConfigSchema schema{.options = {}, .tables = {source_options()}};
    ConfigInput input;
    input.path = folder.write("agent.toml", toml);
    auto config = load_config(files, schema, input);
    if (!config.ok()) return config.error().context;
    if (stdin_too) add_stdin_source(*config, "journal", "");
    boost::asio::io_context loop;
    const SourceContext context{.loop = loop,
                                .clock = clock,
                                .entropy = entropy,
                                .log = Logger(log, "t"),
                                .device = "dev",
                                .make_watcher = [] { return std::make_unique<InotifyFileWatcher>(); },
                                .blocking = [&]() -> BlockingPool& { return pool; }};
    built.clear();
    for (const ConfigTable& table : config->tables("source")) {
      auto source = make_source(table, built.size() + 1, context);
      if (!source.ok()) return source.error().context;
      built.push_back((*source)->status().name + " -> " + (*source)->status().stream);
    }
    return "";
  }
  bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

  PosixFileSystem files;
  SystemClock clock;
  test::SeededEntropy entropy{1};
  test::LogCapture log;
  test::TempDirectory folder;
  std::vector<std::string> built;
  BlockingPool pool{1, 8};
};

TEST_F(SourceTable, BuildsOneSourceOfEachTypeFromItsDefaults) {
  EXPECT_EQ(problem("[[source]]\ntype = \"file\"\npaths = [\"/var/log/*.log\"]\nstream = \"web\"\n"
                    "[[source]]\ntype = \"sensor\"\nsensors = [\"load\"]\npaths = [\"/sys/x\"]\nscale = "
                    "\"0.001\"\nstream = \"s\"\n"
                    "[[source]]\ntype = \"mqtt\"\nurl = \"mqtt://127.0.0.1:1\"\ntopics = [\"a/#\"]\nqos = 1\nclient_id "
                    "= \"c\"\nstream = \"m\"\nkey = \"{topic}\"\n",
                    true),
            "");
  EXPECT_EQ(built, (std::vector<std::string>{"source 1 (file) -> web", "source 2 (sensor) -> s", "source 3 (mqtt) -> m",
                                             "source 4 (stdin) -> journal"}));
}

TEST_F(SourceTable, ErrorsNameThePlaceAndTheRemedy) {
  const std::string file = "[[source]]\ntype = \"file\"\nstream = \"s\"\n";
  const std::string mqtt = "[[source]]\ntype = \"mqtt\"\nstream = \"s\"\ntopics = [\"a\"]\n";
  EXPECT_TRUE(contains(problem(file + "paths = [\"/a\"]\nkey = \"x{devise}\"\n"), "agent.toml:5:"));
  EXPECT_TRUE(contains(problem(file + "paths = [\"/a\"]\nkey = \"x{devise}\"\n"), "column 3: unknown field"));
  EXPECT_TRUE(contains(problem(file + "paths = [\"a.log\"]\n"), "must be an absolute path"));
  EXPECT_TRUE(contains(problem("[[source]]\ntype = \"sensor\"\nstream = \"s\"\n"), "there is nothing to read"));
  EXPECT_TRUE(
      contains(problem("[[source]]\ntype = \"sensor\"\nstream = \"s\"\nsensors = [\"lode\"]\n"), "known are load"));
  EXPECT_TRUE(
      contains(problem("[[source]]\ntype = \"sensor\"\nstream = \"s\"\npaths = [\"/x\"]\nscale = \"0,1\"\n"), "scale"));
  EXPECT_TRUE(contains(problem(mqtt + "url = \"mqtt://b\"\nqos = 2\n"), "would lose it"));
  EXPECT_TRUE(contains(problem(mqtt + "url = \"b:1883\"\n"), "mqtts://"));
  EXPECT_TRUE(contains(problem(mqtt + "url = \"mqtt://b\"\nca_file = \"/x\"\n"), "certificates need mqtts"));
  EXPECT_TRUE(contains(problem(mqtt + "url = \"mqtt://b\"\nuser = \"u\"\npassword_file = \"/does/not/exist\"\n"),
                       "cannot be read"));
}

}  // namespace
}  // namespace forebay::agent
