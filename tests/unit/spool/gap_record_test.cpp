#include "spool/gap_record.h"

#include <gtest/gtest.h>

namespace forebay::spool {

TEST(GapRecord, JsonComesBackAsItWas) {
  const GapRecord dense{"d\"\\\x01", "s\"from\":9", 7, {{4, 9}}, 6, "corrupt"};
  const GapRecord apart{"d", "", 2, {{1, 3}, {5, 5}, {9, 12}}, 8, "spool_full_drop_oldest"};
  const GapRecord unnumbered{"d", "f", 0, {}, 12, "spool_full_drop_newest"};
  for (const GapRecord& gap : {dense, apart, unnumbered}) {
    const auto back = parse_gap_record(to_json(gap));
    ASSERT_TRUE(back) << to_json(gap);
    EXPECT_EQ(*back, gap) << to_json(gap);
  }
}

TEST(GapRecord, RangesAreNamedOnlyWhenSomethingBetweenThemIsNotLost) {
  const GapRecord apart{"d", "", 2, {{1, 3}, {5, 5}}, 4, "r"};
  EXPECT_EQ(to_json(apart),
            R"({"_forebay":"gap","device":"d","source":"","from":1,"to":5,"count":4,"reason":"r","run":2,)"
            R"("ranges":[[1,3],[5,5]]})");
  const GapRecord dense{"d", "", 2, {{1, 3}}, 3, "r"};
  EXPECT_EQ(to_json(dense).find("ranges"), std::string::npos);
}

TEST(GapRecord, OtherTextIsNotOne) {
  for (const char* text : {"", "{}", R"({"_forebay":"gap"})", R"({"_forebay":"gap","device":"d","source":"s)",
                           R"({"_forebay":"gap","device":"d","source":"","from":x,"to":1,"count":1,"reason":""})"}) {
    EXPECT_FALSE(parse_gap_record(text)) << text;
  }
}

TEST(GapRecord, BeyondTheLargestNumberOfRangesTheNearestAreToldAsOneAndTheCountStaysExact) {
  GapRecord gap{"d", "", 1, {}, 0, "r"};
  for (std::uint64_t i = 0; i < 100; ++i) gap.fold({"d", "", 1, {{i * 10 + 1, i * 10 + 4}}, 4, "r"});
  EXPECT_EQ(gap.ranges.size(), GapRecord::kRangesMax);
  EXPECT_EQ(gap.ranges.front().from, 1U);
  EXPECT_EQ(gap.ranges.back().to, 994U);
  EXPECT_EQ(gap.count, 400U);
}

}  // namespace forebay::spool
