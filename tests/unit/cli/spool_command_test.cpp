// The spool commands on a spool made by its real writer, on the file system in memory.
#include <gtest/gtest.h>

#include "fakes.h"
#include "spool/spool.h"
#include "tests/support/log_capture.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::cli {
namespace {

/// Three records of stream "web" (two of them acknowledged) and one of "app", then the program on them.
struct SpoolBench {
  testing::FakeConsole console;
  testing::FakeClock clock;
  testing::ScriptedHttp http;
  test::MemoryFileSystem files;

  SpoolBench() {
    test::SeededEntropy entropy(7);
    test::LogCapture log;
    spool::SpoolOptions options;
    options.max_bytes = 16_MiB;
    options.free_space_floor = 0;
    auto spool = spool::Spool::open(files, clock, entropy, Logger(log, "spool"), "/spool", options);
    EXPECT_TRUE(spool.ok()) << spool.error().to_string();
    spool::RecordChunk web("web");
    for (const char* data : {"one", "two", "\x1b[31mthree"})
      web.add("key", clock.wall, as_bytes(std::string_view(data)));
    web.position = {"file/a", Buffer{1, 2}};
    spool::RecordChunk app("app");
    app.add("other", clock.wall, as_bytes(std::string_view("\xff")));
    const spool::RecordChunk chunks[] = {web, app};
    EXPECT_TRUE((*spool)->append(chunks).ok());
    EXPECT_TRUE((*spool)->acknowledge({(*spool)->lineage(), "web"}, 2, 1).ok());
    EXPECT_TRUE((*spool)->close().ok());
  }
  int run(std::vector<std::string> arguments) {
    console.output.clear();
    return run_app(World{console, files, clock, http, [](const std::string&) { return std::optional<std::string>(); }},
                   std::move(arguments));
  }
};

TEST(SpoolCommand, ListsLanesAndWhatWaits) {
  SpoolBench bench;
  EXPECT_EQ(bench.run({"spool", "ls", "/spool", "--json"}), 0) << bench.console.errors;
  const auto document = nlohmann::json::parse(bench.console.output);
  EXPECT_EQ(document["records_to_send"], 2);
  EXPECT_EQ(document["sources"], 1);
  ASSERT_EQ(document["lanes"].size(), 2u);
  for (const auto& lane : document["lanes"]) EXPECT_EQ(lane["waiting"], 1) << lane;
  EXPECT_EQ(bench.run({"spool", "ls", "/spool"}), 0);
  EXPECT_NE(bench.console.output.find("2 records ("), std::string::npos) << bench.console.output;
}

TEST(SpoolCommand, PrintsRecordsWithoutDrivingTheTerminal) {
  SpoolBench bench;
  EXPECT_EQ(bench.run({"spool", "cat", "/spool", "--stream", "web"}), 0) << bench.console.errors;
  EXPECT_EQ(bench.console.output,
            "2025-11-21T10:46:40.000Z  web  key  one\n2025-11-21T10:46:40.000Z  web  key  two\n"
            "2025-11-21T10:46:40.000Z  web  key  \\x1b[31mthree\n");
  EXPECT_EQ(bench.run({"spool", "cat", "/spool", "--waiting", "--raw"}), 0);
  EXPECT_EQ(bench.console.output, "\x1b[31mthree\n\xff\n");
  EXPECT_EQ(bench.run({"spool", "cat", "/spool", "--stream", "app", "--json"}), 0);
  EXPECT_EQ(nlohmann::json::parse(bench.console.output)["data_base64"], "/w==");
}

TEST(SpoolCommand, VerifyTellsASoundSpoolFromADamagedOne) {
  SpoolBench bench;
  EXPECT_EQ(bench.run({"spool", "verify", "/spool"}), 0) << bench.console.errors;
  EXPECT_NE(bench.console.output.find("sound"), std::string::npos);
  const auto names = bench.files.list("/spool");
  ASSERT_TRUE(names.ok());
  for (const std::string& name : *names) {
    if (!name.ends_with(".journal")) continue;
    auto file = bench.files.open("/spool/" + name, OpenMode::read_write);
    ASSERT_TRUE(file.ok());
    const Buffer damage(64, 0xEE);
    ASSERT_TRUE((*file)->write_at(4096 + 16, ByteView(damage)).ok());
    break;
  }
  EXPECT_EQ(bench.run({"spool", "verify", "/spool", "--json"}), 65);
  EXPECT_EQ(nlohmann::json::parse(bench.console.output)["corrupt_holes"], 1);
}

TEST(SpoolCommand, NamesAMissingFolder) {
  SpoolBench bench;
  EXPECT_EQ(bench.run({"spool", "ls", "/elsewhere"}), 66);
  EXPECT_NE(bench.console.errors.find("spool.path"), std::string::npos);
}

}  // namespace
}  // namespace forebay::cli
