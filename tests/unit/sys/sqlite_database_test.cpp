// The database over real and lying file systems: values, errors, damage, failed syncs, and what every power cut leaves.
#include "sys/sqlite_database.h"

#include <gtest/gtest.h>

#include "sys/posix_file_system.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

using test::CrashPlan;
using test::FileCall;
using test::FileCallInfo;
using test::MemoryFileSystem;

std::int64_t number(Database& database, std::string_view sql) {
  const auto rows = database.run(sql);
  return rows.ok() && rows->size() == 1 ? std::get<std::int64_t>((*rows)[0][0]) : -1;
}

Result<void> insert(Database& database, std::int64_t id, std::size_t bytes = 10) {
  const DatabaseValue parameters[] = {id, std::string(bytes, static_cast<char>('a' + id % 26))};
  const auto result = database.run("INSERT INTO t VALUES (?, ?)", parameters);
  if (!result) return result.error();
  return {};
}

TEST(SqliteDatabase, KeepsEveryKindOfValueOverAReopenOnRealFiles) {
  test::TempDirectory directory;
  PosixFileSystem files;
  const DatabaseRow row = {std::monostate(),  std::int64_t{-5}, std::string("a\0b", 3),
                           Buffer{0, 1, 255}, Buffer{},         std::string()};
  {
    auto database = open_database(files, directory.file("d.db"));
    ASSERT_TRUE(database.ok()) << database.error().to_string();
    ASSERT_TRUE((*database)->run("CREATE TABLE t (a, b, c, d, e, f)").ok());
    ASSERT_TRUE((*database)->run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", row).ok());
    ASSERT_TRUE((*database)->begin().ok());
    ASSERT_TRUE((*database)->run("DELETE FROM t").ok());
  }
  auto database = open_database(files, directory.file("d.db"));
  ASSERT_TRUE(database.ok()) << database.error().to_string();
  const auto rows = (*database)->run("SELECT * FROM t");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0], row);
  EXPECT_EQ(number(**database, "PRAGMA synchronous"), 2);
  EXPECT_EQ(std::get<std::string>((*(*database)->run("PRAGMA journal_mode"))[0][0]), "wal");
}

TEST(SqliteDatabase, ErrorsHaveTheirKind) {
  MemoryFileSystem files;
  auto database = open_database(files, "d.db");
  ASSERT_TRUE(database.ok()) << database.error().to_string();
  ASSERT_TRUE((*database)->run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL)").ok());
  ASSERT_TRUE(insert(**database, 1).ok());
  EXPECT_EQ(insert(**database, 1).error().code, Errc::already_exists);
  EXPECT_EQ((*database)->run("INSERT INTO t VALUES (2, NULL)").error().code, Errc::invalid_argument);
  EXPECT_EQ((*database)->run("SELEC 1").error().code, Errc::invalid_argument);
  EXPECT_EQ((*database)->run("SELECT 1; SELECT 2").error().code, Errc::invalid_argument);
  EXPECT_EQ((*database)->run("SELECT ?").error().code, Errc::invalid_argument);
  EXPECT_EQ((*database)->run("").error().code, Errc::invalid_argument);
  EXPECT_EQ(number(**database, "SELECT count(*) FROM t"), 1);
}

TEST(SqliteDatabase, MoreStatementsThanTheCacheHolds) {
  MemoryFileSystem files;
  auto database = open_database(files, "d.db");
  ASSERT_TRUE(database.ok());
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 200; ++i) ASSERT_EQ(number(**database, "SELECT " + std::to_string(i)), i);
}

TEST(SqliteDatabase, ASecondOpenConflicts) {
  test::TempDirectory directory;
  PosixFileSystem files;
  auto first = open_database(files, directory.file("d.db"));
  ASSERT_TRUE(first.ok());
  auto second = open_database(files, directory.file("d.db"));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Errc::conflict);
}

TEST(SqliteDatabase, DamageIsReportedAtOpen) {
  MemoryFileSystem files;
  {
    auto database = open_database(files, "d.db");
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE((*database)->run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").ok());
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(insert(**database, i, 500).ok());
    ASSERT_TRUE((*database)->run("PRAGMA wal_checkpoint(TRUNCATE)").ok());
  }
  const Buffer good = files.content("d.db");
  ASSERT_GT(good.size(), 40'000u);
  Buffer page = Buffer(good.begin() + 4096, good.begin() + 8192);
  for (std::size_t i = 0; i < 100; ++i) page[i] ^= 0x5a;
  files.overwrite("d.db", 4096, page);
  EXPECT_EQ(open_database(files, "d.db").error().code, Errc::corrupt);
  files.set_content("d.db", Buffer(8192, 'x'));
  EXPECT_EQ(open_database(files, "d.db").error().code, Errc::corrupt);
}

TEST(SqliteDatabase, AFailedSyncEndsItForGood) {
  MemoryFileSystem files;
  auto database = open_database(files, "d.db");
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE((*database)->run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").ok());
  ASSERT_TRUE(insert(**database, 1).ok());
  bool armed = true;
  files.set_fault([&](const FileCallInfo& call) -> std::optional<test::Fault> {
    if (armed && call.call == FileCall::sync) return armed = false, test::Fault::io_error;
    return std::nullopt;
  });
  EXPECT_EQ(insert(**database, 2).error().code, Errc::io);
  EXPECT_FALSE(armed);
  const std::uint64_t written = files.written_bytes();
  EXPECT_EQ((*database)->run("SELECT 1").error().code, Errc::io);
  EXPECT_EQ(insert(**database, 3).error().code, Errc::io);
  database->reset();
  EXPECT_EQ(files.written_bytes(), written);
  const auto after = files.crash(CrashPlan{});
  auto again = open_database(*after, "d.db");
  ASSERT_TRUE(again.ok()) << again.error().to_string();
  EXPECT_EQ(number(**again, "SELECT count(*) FROM t"), 1);
}

TEST(SqliteDatabase, AFullDiskIsNoSpaceAndTheDatabaseGoesOn) {
  MemoryFileSystem files;
  auto database = open_database(files, "d.db");
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE((*database)->run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").ok());
  files.set_capacity(files.used_bytes() + 10'000);
  EXPECT_EQ(insert(**database, 1, 100'000).error().code, Errc::no_space);
  files.set_capacity(UINT64_MAX);
  (void)(*database)->rollback().ok();
  ASSERT_TRUE(insert(**database, 2, 100'000).ok());
  EXPECT_EQ(number(**database, "SELECT count(*) FROM t"), 1);
}

/// Opens what a crash left and counts; every failure is reported with the plan that made it.
std::int64_t rows_after(const MemoryFileSystem& files, const CrashPlan& plan) {
  const auto after = files.crash(plan);
  auto database = open_database(*after, "d.db");
  EXPECT_TRUE(database.ok()) << database.error().to_string() << " plan seed " << plan.seed;
  if (!database.ok()) return -1;
  if (number(**database, "SELECT count(*) FROM sqlite_master") < 1) return 0;
  const std::int64_t count = number(**database, "SELECT count(*) FROM t");
  EXPECT_EQ(number(**database, "SELECT coalesce(max(id), 0) FROM t"), count) << "plan seed " << plan.seed;
  return count;
}

// Method: transactions of one row each, checkpoints among them; before every call that changes the disk one crash image
// of each plan is opened. Aim: all committed rows, at most the one in flight besides, never damage.
TEST(SqliteDatabase, EveryCrashImageHoldsExactlyWhatWasCommitted) {
  MemoryFileSystem files;
  std::int64_t committed = 0;
  std::uint64_t images = 0;
  std::uint64_t step = 0;
  files.on_operation([&](const FileCallInfo&) {
    if (++step % 3 != 0) return;
    for (const CrashPlan& plan : files.crash_plans(step, 1)) {
      const std::int64_t found = rows_after(files, plan);
      ASSERT_GE(found, committed) << "step " << step;
      ASSERT_LE(found, committed + 1) << "step " << step;
      ++images;
    }
  });
  auto database = open_database(files, "d.db");
  ASSERT_TRUE(database.ok()) << database.error().to_string();
  ASSERT_TRUE((*database)->run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)").ok());
  for (std::int64_t i = 1; i <= 12; ++i) {
    ASSERT_TRUE(insert(**database, i, 3000).ok());
    committed = i;
    if (i % 5 != 0) continue;
    ASSERT_TRUE((*database)->run("PRAGMA wal_checkpoint(TRUNCATE)").ok());
  }
  EXPECT_GT(images, 300u);
}

}  // namespace
}  // namespace forebay
