#include <gtest/gtest.h>

#include "spool/journal_names.h"
#include "tests/unit/spool/spool_fixture.h"

namespace forebay::spool {

namespace {

/// Scrubs to the end of a pass; how many calls it took.
int pass(Spool& spool, std::uint64_t slice) {
  for (int calls = 1; calls < 10'000; ++calls) {
    const auto done = spool.scrub(slice);
    EXPECT_TRUE(done) << done.error().to_string();
    if (!done || *done) return calls;
  }
  return -1;
}

std::unique_ptr<Spool> filled(SpoolFixture& fixture) {
  auto spool = fixture.open();
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(fixture.put(*spool, "web", {std::to_string(i) + std::string(5'000, 'x')}));
  return spool;
}

}  // namespace

TEST(SpoolScrub, ReadsEverySealedFileInSlices) {
  SpoolFixture fixture;
  auto spool = filled(fixture);
  EXPECT_GT(pass(*spool, 20'000), 5);
  const auto usage = spool->usage();
  EXPECT_EQ(usage.scrub_passes, 1U);
  EXPECT_EQ(usage.damaged_places, 0U);
  EXPECT_GT(usage.scrubbed_bytes, 200'000U);
  EXPECT_EQ(fixture.log.count("damaged place"), 0U);
}

TEST(SpoolScrub, DamageThatCameAfterTheStartIsFoundCountedAndStillDeclaredWhenDue) {
  SpoolFixture fixture;
  auto spool = filled(fixture);
  const Buffer noise(4096, 0xee);
  fixture.disk.overwrite("s/" + journal_file_name(1), 5 * 8192, noise);
  EXPECT_GT(pass(*spool, 20'000), 1);
  EXPECT_EQ(spool->usage().damaged_places, 1U);
  EXPECT_EQ(fixture.log.count("damaged place"), 1U);
  fixture.drain(*spool);  // finds the hole and declares it behind the others
  const Delivered delivered(fixture.drain(*spool));
  EXPECT_GT(delivered.declared, 0U);
  EXPECT_EQ(delivered.records.size() + delivered.declared, 60U);
}

TEST(SpoolScrub, FilesFreedUnderItArePassedOver) {
  SpoolFixture fixture;
  fixture.options.grace = Milliseconds(0);
  auto spool = filled(fixture);
  ASSERT_TRUE(spool->scrub(1'000));
  fixture.drain(*spool, {}, true);
  ASSERT_TRUE(fixture.put(*spool, "web", {"next"}));
  pass(*spool, 20'000);
  EXPECT_EQ(spool->usage().damaged_places, 0U);
}

TEST(SpoolScrub, ASpoolWithoutFilesIsDoneAtOnce) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  EXPECT_EQ(pass(*spool, 1'000), 1);
}

}  // namespace forebay::spool
