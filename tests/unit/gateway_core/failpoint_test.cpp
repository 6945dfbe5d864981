// The names that the kill tests choose from.
#include "gateway/log/failpoint.h"

#include <gtest/gtest.h>

#include <set>

namespace forebay::gateway::log {
namespace {

TEST(Failpoint, NamesAreDistinctAndCoverTheWayOfARecord) {
  const auto names = failpoint_names();
  const std::set<std::string_view> distinct(names.begin(), names.end());
  EXPECT_EQ(distinct.size(), names.size());
  EXPECT_GE(names.size(), 15u);
  for (const std::string_view name : {"put_parsed", "offsets_assigned", "after_commit", "before_acknowledge",
                                      "segments_synced", "catalog_committed", "journal_freed"})
    EXPECT_TRUE(distinct.contains(name)) << name;
}

TEST(Failpoint, UnsetEnvironmentLeavesEveryPlaceHarmless) {
  for (std::size_t i = 0; i < failpoint_names().size(); ++i) failpoint(static_cast<Failpoint>(i));
  EXPECT_EQ(detail::armed_failpoint, Failpoint::none);
}

}  // namespace
}  // namespace forebay::gateway::log
