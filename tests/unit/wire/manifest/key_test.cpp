#include "wire/manifest/key.h"

#include <gtest/gtest.h>

namespace forebay::wire::manifest {
namespace {

TEST(ManifestKey, OfLiveAndReplayedEntriesIsReadBack) {
  const Lane live{"web-s3", 17, 3, 1, ""};
  const Lane replay{"web-s3", 17, 3, 1, "r1"};
  EXPECT_EQ(entry_key(live, 42), "_forebay/manifest/web-s3/17/3/1/000000000042.json");
  EXPECT_EQ(entry_key(replay, 42), "_forebay/manifest/web-s3/17/3/1/r1/000000000042.json");
  EXPECT_EQ(parse_entry_key(entry_key(live, 42)), (EntryPlace{live, 42}));
  EXPECT_EQ(parse_entry_key(entry_key(replay, ~0ull)), (EntryPlace{replay, ~0ull}));
}

TEST(ManifestKey, RefusesWhatIsNoneOfAnEntry) {
  for (const char* key :
       {"", "_forebay/manifest/", "data/000000000042.json", "_forebay/manifest/d/1/2/3/42.json",
        "_forebay/manifest/d/1/2/3/000000000042", "_forebay/manifest/d/1/2/000000000042.json",
        "_forebay/manifest/d/1/02/3/000000000042.json", "_forebay/manifest/d/1/2/3//000000000042.json",
        "_forebay/manifest/d/1/4294967296/3/000000000042.json", "_forebay/manifest/d/1/2/3/r/s/000000000042.json"})
    EXPECT_FALSE(parse_entry_key(key).has_value()) << key;
}

}  // namespace
}  // namespace forebay::wire::manifest
