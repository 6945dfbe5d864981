#include "agent/failpoint.h"

#include <set>

#include <gtest/gtest.h>

namespace forebay::agent {
namespace {

TEST(Failpoints, NamesAreDistinctAndAllCanBeArmed) {
  std::set<std::string_view> names;
  for (const FailpointRow& row : Failpoints::rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    Failpoints failpoints;
    EXPECT_TRUE(failpoints.arm(std::string(row.name) + ":3"));
  }
  EXPECT_GE(names.size(), 12u);
}

TEST(Failpoints, UnknownNamesAndCountsAreRefused) {
  Failpoints failpoints;
  EXPECT_FALSE(failpoints.arm("nowhere:1"));
  EXPECT_FALSE(failpoints.arm("before_append:0"));
  EXPECT_FALSE(failpoints.arm("before_append:x"));
  EXPECT_TRUE(failpoints.arm(""));
}

TEST(FailpointsDeathTest, KillAtTheCountAndNotBefore) {
  Failpoints failpoints;
  ASSERT_TRUE(failpoints.arm("after_append:2"));
  failpoints.reach(Failpoint::before_append);
  failpoints.reach(Failpoint::after_append);
  EXPECT_EXIT(failpoints.reach(Failpoint::after_append), testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace forebay::agent
