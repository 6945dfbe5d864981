#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "spool/format.h"
#include "spool/journal_names.h"
#include "tests/unit/spool/journal_fixture.h"

// The journal on a disk in memory: what commit, roll, recycle, free and read promise. Crashes are in tests/crash.

namespace forebay::spool {

using Texts = std::vector<std::string>;
using test::Fault;

static const std::string kFirstFile = "j/" + journal_file_name(1);

TEST(Journal, CommittedEntriesComeBackInOrderAfterReopen) {
  JournalFixture fixture;
  {
    auto opened = fixture.open();
    ASSERT_TRUE(opened.journal);
    ASSERT_TRUE(fixture.put(*opened.journal, {"a", "b"}));
    ASSERT_TRUE(fixture.put(*opened.journal, {"", std::string(9000, 'c')}));
    EXPECT_EQ(fixture.read_all(*opened.journal), (Texts{"a", "b", "", std::string(9000, 'c')}));
    ASSERT_TRUE(opened.journal->close());
  }
  auto again = fixture.open();
  EXPECT_EQ(again.entries, (Texts{"a", "b", "", std::string(9000, 'c')}));
  EXPECT_EQ(again.report.commits, 2U);
  EXPECT_EQ(again.report.torn_tails + again.report.corrupt_holes, 0U);
}

TEST(Journal, EveryOpenIsANewLineageOfOneRoot) {
  JournalFixture fixture;
  Lineage first;
  {
    auto opened = fixture.open();
    first = opened.journal->lineage();
    ASSERT_TRUE(fixture.put(*opened.journal, {"a"}));
  }
  auto again = fixture.open();
  EXPECT_EQ(again.journal->lineage().root, first.root);
  EXPECT_EQ(again.journal->lineage().ordinal, first.ordinal + 1);
  EXPECT_NE(again.journal->lineage().nonce, first.nonce);
  ASSERT_TRUE(fixture.put(*again.journal, {"b"}));
  EXPECT_EQ(again.journal->end().file, 2U) << "an old lineage is never extended";
}

TEST(Journal, RootSurvivesTheLossOfTheIdentityFile) {
  JournalFixture fixture;
  Lineage first;
  {
    auto opened = fixture.open();
    first = opened.journal->lineage();
    ASSERT_TRUE(fixture.put(*opened.journal, {"a"}));
  }
  ASSERT_TRUE(fixture.disk.remove("j/identity"));
  auto again = fixture.open();
  EXPECT_EQ(again.journal->lineage().root, first.root);
  EXPECT_EQ(again.entries, Texts{"a"});
}

TEST(Journal, OneWriteAndOneSyncPerCommit) {
  JournalFixture fixture;
  auto opened = fixture.open();
  ASSERT_TRUE(fixture.put(*opened.journal, {"first makes the file"}));
  const auto syncs = fixture.disk.syncs();
  const auto calls = fixture.disk.calls();
  ASSERT_TRUE(fixture.put(*opened.journal, {"a", std::string(5000, 'b'), "c"}));
  EXPECT_EQ(fixture.disk.syncs() - syncs, 1U);
  EXPECT_EQ(fixture.disk.calls() - calls, 2U);
}

TEST(Journal, CommitsNeverTouchAPageOfAnEarlierCommit) {
  JournalFixture fixture;
  auto opened = fixture.open();
  for (int i = 0; i < 20; ++i) {
    const auto at = fixture.put(*opened.journal, {"x"});
    ASSERT_TRUE(at);
    EXPECT_EQ(at->position % 4096, 0U);
  }
}

TEST(Journal, RollsWhenTheFileIsFullAndReadsAcross) {
  JournalFixture fixture;
  auto opened = fixture.open();
  Texts expected;
  for (int i = 0; i < 40; ++i) {
    expected.push_back(std::to_string(i));
    ASSERT_TRUE(fixture.put(*opened.journal, {expected.back()}));
  }
  EXPECT_EQ(opened.journal->end().file, 3U);
  EXPECT_EQ(fixture.read_all(*opened.journal), expected);
  opened.journal.reset();
  EXPECT_EQ(fixture.open().entries, expected);
}

TEST(Journal, FreedFilesAreRecycledAndTheirOldBytesNeverComeBack) {
  JournalFixture fixture;
  auto opened = fixture.open();
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(fixture.put(*opened.journal, {"old" + std::to_string(i)}));
  const auto bytes = opened.journal->disk_bytes();
  ASSERT_TRUE(opened.journal->free_before(opened.journal->end()));
  EXPECT_EQ(opened.journal->begin().file, opened.journal->end().file);
  Texts expected = fixture.read_all(*opened.journal);
  for (int i = 0; i < 18; ++i) {
    expected.push_back("new" + std::to_string(i));
    ASSERT_TRUE(fixture.put(*opened.journal, {expected.back()}));
  }
  EXPECT_EQ(opened.journal->disk_bytes(), bytes) << "no new file was needed";
  opened.journal.reset();
  auto again = fixture.open();
  EXPECT_EQ(again.entries, expected);
  EXPECT_EQ(again.report.corrupt_holes, 0U);
}

TEST(Journal, AtMostTheStatedNumberOfFilesWaitsForReuse) {
  JournalFixture fixture;
  fixture.options.recycled_files_max = 2;
  auto opened = fixture.open();
  for (int i = 0; i < 90; ++i) ASSERT_TRUE(fixture.put(*opened.journal, {"x"}));
  ASSERT_TRUE(opened.journal->free_before(opened.journal->end()));
  EXPECT_EQ(opened.journal->disk_bytes(), 3 * fixture.options.file_bytes);
}

TEST(Journal, AgentFormRemovesFreedFiles) {
  JournalFixture fixture;
  fixture.options.zero_and_recycle = false;
  auto opened = fixture.open();
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(fixture.put(*opened.journal, {"x"}));
  ASSERT_TRUE(opened.journal->free_before(opened.journal->end()));
  EXPECT_EQ(opened.journal->disk_bytes(), fixture.options.file_bytes);
}

TEST(Journal, OpeningAThousandTimesWithoutCommitsUsesNoSpace) {
  JournalFixture fixture;
  fixture.options.zero_and_recycle = false;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(fixture.open().journal);
  EXPECT_LT(fixture.disk.used_bytes(), 4096U);
}

TEST(Journal, ShortRunsOfTheAgentFormKeepOnlyTheirData) {
  JournalFixture fixture;
  fixture.options.zero_and_recycle = false;
  for (int i = 0; i < 50; ++i) {
    auto opened = fixture.open();
    ASSERT_TRUE(fixture.put(*opened.journal, {"run" + std::to_string(i)}));
  }
  auto opened = fixture.open();
  EXPECT_EQ(opened.entries.size(), 50U);
  EXPECT_LE(fixture.disk.used_bytes(), 50 * 8192U + 4096U);
}

TEST(Journal, SecondOwnerIsRefused) {
  JournalFixture fixture;
  auto opened = fixture.open();
  auto second = fixture.open();
  EXPECT_FALSE(second.journal);
  EXPECT_EQ(second.error.code, Errc::conflict);
}

TEST(Journal, FullDiskRefusesTheCommitAndWorksAgainWithSpace) {
  JournalFixture fixture;
  fixture.options.zero_and_recycle = false;
  auto opened = fixture.open();
  for (int i = 0; i < 15; ++i) ASSERT_TRUE(fixture.put(*opened.journal, {"fits"}));
  fixture.disk.set_capacity(fixture.disk.used_bytes() + 100);
  const auto refused = fixture.put(*opened.journal, {"refused"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::no_space);
  fixture.disk.set_capacity(UINT64_MAX);
  ASSERT_TRUE(fixture.put(*opened.journal, {"after"}));
  opened.journal.reset();
  auto again = fixture.open();
  EXPECT_EQ(again.entries.size(), 16U);
  EXPECT_EQ(again.entries.back(), "after");
}

TEST(Journal, FailedSyncIsNeverRetriedAndStopsEverything) {
  JournalFixture fixture;
  auto opened = fixture.open();
  ASSERT_TRUE(fixture.put(*opened.journal, {"safe"}));
  fixture.disk.fail_call(2, Fault::io_error);  // write, then sync
  const auto failed = fixture.put(*opened.journal, {"lost"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::io);
  EXPECT_FALSE(fixture.put(*opened.journal, {"never"})) << "the journal stays failed";
  EXPECT_FALSE(opened.journal->free_before(opened.journal->end()));
  opened.journal.reset();
  auto again = fixture.open();
  EXPECT_EQ(again.entries, Texts{"safe"}) << "the cache still shows the lost commit; the disk does not";
}

TEST(Journal, WriteErrorsStopEverythingEvenWhenTheDiskWasFull) {
  for (const Fault fault : {Fault::io_error, Fault::short_write, Fault::no_space}) {
    JournalFixture fixture;
    auto opened = fixture.open();
    ASSERT_TRUE(fixture.put(*opened.journal, {"safe"}));
    fixture.disk.fail_call(1, fault);
    const auto failed = fixture.put(*opened.journal, {"lost"});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::io);
    EXPECT_FALSE(fixture.put(*opened.journal, {"never"}));
  }
}

TEST(Journal, OversizedAndEmptyCommitsAreRefusedAndNothingIsWritten) {
  JournalFixture fixture;
  auto opened = fixture.open();
  ASSERT_TRUE(fixture.put(*opened.journal, {"a"}));
  const auto end = opened.journal->end();
  EXPECT_EQ(fixture.put(*opened.journal, {}).error().code, Errc::invalid_argument);
  EXPECT_EQ(fixture.put(*opened.journal, {"a"}, 0).error().code, Errc::invalid_argument);
  EXPECT_EQ(fixture.put(*opened.journal, {std::string(16_KiB + 1, 'x')}).error().code, Errc::too_large);
  EXPECT_EQ(opened.journal->end(), end);
  EXPECT_TRUE(fixture.put(*opened.journal, {std::string(16_KiB, 'x')}));
}

TEST(Journal, CursorFollowsNewCommits) {
  JournalFixture fixture;
  auto opened = fixture.open();
  auto cursor = opened.journal->cursor({});
  EXPECT_FALSE(cursor->next()->has_value());
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(fixture.put(*opened.journal, {std::to_string(i)}));
    const auto entry = cursor->next();
    ASSERT_TRUE(entry && entry->has_value()) << i;
    EXPECT_EQ(text_of(**entry), std::to_string(i));
    EXPECT_FALSE(cursor->next()->has_value());
  }
}

TEST(Journal, KilledProcessLeavesOnlyWhatSurvivesThePowerCutAfterwards) {
  JournalFixture fixture;
  auto opened = fixture.open();
  ASSERT_TRUE(fixture.put(*opened.journal, {"safe"}));
  std::unique_ptr<test::MemoryFileSystem> killed;
  fixture.disk.on_operation([&](const test::FileCallInfo& info) {
    if (info.call == test::FileCall::sync && !killed) killed = fixture.disk.kill();
  });
  ASSERT_TRUE(fixture.put(*opened.journal, {"written, not synced"}));
  ASSERT_TRUE(killed);
  auto second = fixture.open(*killed);
  ASSERT_TRUE(second.journal);
  auto after = killed->crash({});
  second.journal.reset();
  EXPECT_EQ(fixture.open(*after).entries, second.entries) << "what was delivered once must not vanish";
}

TEST(Journal, NewerFormatIsRefusedByName) {
  JournalFixture fixture;
  { ASSERT_TRUE(fixture.put(*fixture.open().journal, {"a"})); }
  Buffer bytes = fixture.disk.content(kFirstFile);
  bytes[format::file_header::kVersionAt] = 2;
  const std::uint32_t crc = crc32c(ByteView(bytes).first(format::file_header::kCrcAt));
  for (int i = 0; i < 4; ++i) bytes[format::file_header::kCrcAt + i] = static_cast<std::uint8_t>(crc >> (8 * i));
  fixture.disk.set_content(kFirstFile, bytes);
  auto again = fixture.open();
  EXPECT_EQ(again.error.code, Errc::unsupported);
  EXPECT_NE(again.error.context.find(journal_file_name(1) + ": journal format 2"), std::string::npos);
}

TEST(Journal, EncryptedCommitIsRefusedByName) {
  JournalFixture fixture;
  { ASSERT_TRUE(fixture.put(*fixture.open().journal, {"a"})); }
  Buffer bytes = fixture.disk.content(kFirstFile);
  MutableBytes commit = MutableBytes(bytes).subspan(format::kDataStart);
  commit[format::commit_header::kFlagsAt] = format::kFlagEncrypted;
  const std::size_t size = format::commit_header::kSize + format::entry_header::kSize + 1;
  const std::uint32_t crc = crc32c(ByteView(commit).subspan(8, size - 8));
  for (int i = 0; i < 4; ++i) commit[format::commit_header::kCrcAt + i] = static_cast<std::uint8_t>(crc >> (8 * i));
  fixture.disk.set_content(kFirstFile, bytes);
  auto again = fixture.open();
  EXPECT_EQ(again.error.code, Errc::unsupported);
  EXPECT_NE(again.error.context.find("encrypted"), std::string::npos);
}

TEST(Journal, EmptyOrHeaderlessLastFileIsNoObstacle) {
  for (const std::size_t size : {0, 1, 511, 4096, 65536}) {
    JournalFixture fixture;
    { ASSERT_TRUE(fixture.put(*fixture.open().journal, {"a"})); }
    fixture.disk.set_content("j/" + journal_file_name(2), Buffer(size, 0));
    auto again = fixture.open();
    ASSERT_TRUE(again.journal) << size;
    EXPECT_EQ(again.entries, Texts{"a"});
    EXPECT_EQ(again.report.corrupt_holes, 0U);
    ASSERT_TRUE(fixture.put(*again.journal, {"b"}));
    again.journal.reset();
    EXPECT_EQ(fixture.open().entries, (Texts{"a", "b"}));
  }
}

}  // namespace forebay::spool
