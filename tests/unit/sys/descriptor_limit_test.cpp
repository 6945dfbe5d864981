#include "sys/descriptor_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

namespace forebay {
namespace {

TEST(DescriptorLimit, SoftBecomesHard) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lower{std::min<rlim_t>(before.rlim_cur, 512), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit now{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, before.rlim_max);
}

TEST(DescriptorLimit, SomeStayForFiles) {
  EXPECT_EQ(descriptors_for_connections(65'536), 57'344u);
  EXPECT_EQ(descriptors_for_connections(1'024), 768u);
  EXPECT_EQ(descriptors_for_connections(64), 32u);
}

}  // namespace
}  // namespace forebay
