#include "spool/inspect.h"

#include <gtest/gtest.h>

#include "spool/journal_names.h"
#include "tests/unit/spool/spool_fixture.h"

namespace forebay::spool {

TEST(Inspect, ShowsASpoolBesideItsRunningOwner) {
  SpoolFixture fixture;
  auto spool = fixture.open();
  ASSERT_TRUE(fixture.put(*spool, "web", {"a", "b"}, "f", "7"));
  ASSERT_TRUE(fixture.put(*spool, "sys", {"c"}));
  ASSERT_TRUE(spool->next_batch(fixture.lane(*spool, "web"), 0, {}));
  ASSERT_TRUE(spool->acknowledge(fixture.lane(*spool, "web"), 1, 4));
  ASSERT_TRUE(fixture.put(*spool, "sys", {"d"}));
  const auto syncs = fixture.disk.syncs();
  std::vector<std::string> records;
  const auto found = inspect_spool(fixture.disk, "s", [&](const InspectedRecord& item) -> Result<void> {
    records.push_back(item.lane.stream + std::to_string(item.sequence) + std::string(as_text(item.record.data)) +
                      (item.acknowledged ? "+" : ""));
    return {};
  });
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ(fixture.disk.syncs(), syncs) << "reads only";
  EXPECT_EQ(records, (std::vector<std::string>{"web1a+", "web2b", "sys1c", "sys2d"}));
  ASSERT_EQ(found->lanes.size(), 2U);
  EXPECT_EQ(found->seals, 1U);
  EXPECT_EQ(found->owed_records, 3U);
  EXPECT_EQ(as_text(found->sources.at("f")), "7");
  EXPECT_EQ(found->journal.files.size(), 1U);
  EXPECT_EQ(found->journal.report.corrupt_holes, 0U);
}

TEST(Inspect, KnowsEveryEntryOfASpool) {
  SpoolFixture fixture;
  fixture.options.when_full = WhenFull::drop_newest;
  auto spool = fixture.open();
  const std::vector<std::string> large(12, std::string(6'000, 'x'));  // more than one commit takes
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(fixture.put(*spool, "web", large, "f", std::to_string(i)));
  ASSERT_TRUE(spool->usage().full);
  fixture.drain(*spool, {}, true);
  ASSERT_TRUE(fixture.put(*spool, "web", {"later"}, "f", "20"));
  const auto found = inspect_spool(fixture.disk, "s");
  ASSERT_TRUE(found) << found.error().to_string();
  EXPECT_EQ(found->foreign_entries, 0U);
}

TEST(Inspect, NamesDamage) {
  SpoolFixture fixture;
  {
    auto spool = fixture.open();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(fixture.put(*spool, "web", {"x"}));
  }
  const Buffer noise(100, 0xee);
  fixture.disk.overwrite("s/" + journal_file_name(1), 4096 * 3, noise);
  const auto found = inspect_spool(fixture.disk, "s");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->journal.report.corrupt_holes, 1U);
  ASSERT_EQ(found->journal.report.details.size(), 1U);
  EXPECT_NE(found->journal.report.details[0].find("positions 12288 to 16384"), std::string::npos);
}

TEST(Inspect, MissingDirectoryIsAnError) {
  SpoolFixture fixture;
  EXPECT_EQ(inspect_spool(fixture.disk, "nowhere").error().code, Errc::not_found);
}

}  // namespace forebay::spool
