#include "agent/state_cache.h"

#include <gtest/gtest.h>

#include "sys/posix_file_system.h"
#include "sys/sqlite_database.h"
#include "tests/support/temp_directory.h"

namespace forebay::agent {
namespace {

TEST(StateCache, FactsSurviveReopening) {
  test::TempDirectory folder;
  PosixFileSystem files;
  for (int round = 0; round < 2; ++round) {
    auto database = open_database(files, folder.file("state.db"));
    ASSERT_TRUE(database) << database.error().to_string();
    auto cache = StateCache::open(*std::move(database));
    ASSERT_TRUE(cache) << cache.error().to_string();
    const auto known = (*cache)->get("timeline");
    ASSERT_TRUE(known);
    EXPECT_EQ(known->has_value(), round == 1);
    ASSERT_TRUE((*cache)->set("timeline", "3"));
    ASSERT_TRUE((*cache)->set("timeline", "4"));
    ASSERT_TRUE((*cache)->set_positions({{"a", {1, 2}}, {"b", {}}}));
    EXPECT_EQ(**(*cache)->get("timeline"), "4");
  }
}

}  // namespace
}  // namespace forebay::agent
