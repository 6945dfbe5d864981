// A folder as a bucket: the same contract, every crash leaves whole objects, and no key leaves the folder.
#include "gateway/delivery/stores/directory_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "sys/posix_file_system.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Rig {
  explicit Rig(FileSystem& files, const std::string& root) : store(*DirectoryStore::make(files, entropy, root, "b")) {}
  Result<PutOutcome> put(const std::string& key, std::string_view body) {
    ObjectToPut object;
    object.key = key;
    object.body = as_bytes(body);
    return store->put(object);
  }
  std::vector<std::string> list(std::string_view prefix = "", std::string_view after = "", std::size_t limit = 1000) {
    std::vector<std::string> keys;
    const auto listed = store->list(prefix, after, limit);
    EXPECT_TRUE(listed.ok());
    if (listed)
      for (const StoredObject& object : *listed) keys.push_back(object.key);
    return keys;
  }
  test::SeededEntropy entropy{1};
  std::unique_ptr<DirectoryStore> store;
};

struct DirectoryStoreTest : ::testing::Test {
  test::TempDirectory directory;
  PosixFileSystem files;
  Rig rig{files, directory.path()};
};

TEST_F(DirectoryStoreTest, FoldersThatSomebodyTakesAwayAreMadeAgain) {
  EXPECT_EQ(*rig.put("a/1", "one"), PutOutcome::created);
  ASSERT_EQ(::rmdir(directory.file("b/.forebay-partial").c_str()), 0);
  EXPECT_EQ(*rig.put("a/2", "two"), PutOutcome::created);
  for (const char* name : {"b/a/1", "b/a/2"}) ASSERT_EQ(::unlink(directory.file(name).c_str()), 0);
  for (const char* name : {"b/a", "b/.forebay-partial"}) ASSERT_EQ(::rmdir(directory.file(name).c_str()), 0);
  const auto again = rig.put("a/3", "three");
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(test::read_text(directory.file("b/a/3")), "three");
}

TEST_F(DirectoryStoreTest, PutsOnceAndComparesBytes) {
  EXPECT_EQ(*rig.put("a/b=1/c d.gz", "one"), PutOutcome::created);
  EXPECT_EQ(test::read_text(directory.file("b/a/b=1/c d.gz")), "one");
  EXPECT_EQ(*rig.put("a/b=1/c d.gz", "one"), PutOutcome::same);
  EXPECT_EQ(*rig.put("a/b=1/c d.gz", "two"), PutOutcome::different);
  EXPECT_EQ(*rig.put("a/b=1/c d.gz", "long"), PutOutcome::different);
  EXPECT_EQ(test::read_text(directory.file("b/a/b=1/c d.gz")), "one");
  EXPECT_EQ(as_text(**rig.store->get("a/b=1/c d.gz", 3)), "one");
  EXPECT_EQ(rig.store->get("a/b=1/c d.gz", 2).error().code, Errc::too_large);
  EXPECT_FALSE(rig.store->get("a", 3)->has_value());
  EXPECT_FALSE(rig.store->get("none/x", 3)->has_value());
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(*rig.put("large", large), PutOutcome::created);
  EXPECT_EQ(*rig.put("large", large), PutOutcome::same);
  EXPECT_EQ(*rig.put("large", large.substr(1) + "y"), PutOutcome::different);
  ASSERT_TRUE(rig.store->remove("large").ok());
  ASSERT_TRUE(rig.store->remove("large").ok());
  EXPECT_FALSE(rig.store->get("large", 3)->has_value());
  EXPECT_EQ(rig.put("a", "x").error().code, Errc::invalid_argument) << "a folder is there";
}

TEST_F(DirectoryStoreTest, NoKeyLeavesTheFolder) {
  const std::string long_name(256, 'n');
  for (const std::string key :
       {"../x", "a/../../x", "/etc/x", "a//b", "a/", "", ".", "a/./b", ".forebay-partial/x", long_name.c_str()})
    EXPECT_EQ(rig.put(key, "x").error().code, Errc::invalid_argument) << key;
  for (const char* bucket : {"..", "a/b", "", "."})
    EXPECT_FALSE(DirectoryStore::make(files, rig.entropy, directory.path(), bucket).ok());
  EXPECT_FALSE(DirectoryStore::make(files, rig.entropy, "relative", "b").ok());
  // A link in the place of an object is not followed.
  ASSERT_TRUE(rig.put("real", "x").ok());
  const std::string outside = directory.write("outside", "secret");
  ASSERT_EQ(::symlink(outside.c_str(), directory.file("b/link").c_str()), 0);
  EXPECT_FALSE(rig.store->get("link", 100).ok());
  EXPECT_FALSE(rig.put("link", "y").ok());
  EXPECT_EQ(test::read_text(outside), "secret");
}

TEST_F(DirectoryStoreTest, ListsInTheOrderOfKeys) {
  EXPECT_THAT(rig.list(), ElementsAre());
  for (const char* key : {"a/z", "a-b", "b/c/d", "b/c.x", "b0", "c"}) ASSERT_TRUE(rig.put(key, "x").ok()) << key;
  EXPECT_THAT(rig.list(), ElementsAre("a-b", "a/z", "b/c.x", "b/c/d", "b0", "c"));
  EXPECT_THAT(rig.list("b"), ElementsAre("b/c.x", "b/c/d", "b0"));
  EXPECT_THAT(rig.list("b/"), ElementsAre("b/c.x", "b/c/d"));
  EXPECT_THAT(rig.list("b/c/"), ElementsAre("b/c/d"));
  EXPECT_THAT(rig.list("", "a/z"), ElementsAre("b/c.x", "b/c/d", "b0", "c"));
  EXPECT_THAT(rig.list("", "b/c"), ElementsAre("b/c.x", "b/c/d", "b0", "c"));
  EXPECT_THAT(rig.list("", "b/c/d", 1), ElementsAre("b0"));
  EXPECT_THAT(rig.list("x"), ElementsAre());
}

TEST_F(DirectoryStoreTest, OldTemporaryFilesAreCleared) {
  ASSERT_TRUE(rig.put("a", "x").ok());
  directory.write("b/.forebay-partial/0123", "torn");
  EXPECT_EQ(*rig.store->abort_leftovers("", "lake", from_millis(1'000'000'000'000)), 0u);
  EXPECT_EQ(*rig.store->abort_leftovers("", "lake", from_millis(4'000'000'000'000)), 1u);
  EXPECT_THAT(rig.list(), ElementsAre("a"));
}

TEST_F(DirectoryStoreTest, OfManyWritersOneWins) {
  std::atomic<int> created{0};
  std::atomic<int> different{0};
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t)
    writers.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const auto outcome = rig.put("k/" + std::to_string(i), "writer " + std::to_string(t));
        ASSERT_TRUE(outcome.ok()) << outcome.error().to_string();
        created += *outcome == PutOutcome::created ? 1 : 0;
        different += *outcome == PutOutcome::different ? 1 : 0;
      }
    });
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(created, 50);
  EXPECT_EQ(different, 150);
  EXPECT_EQ(*rig.store->abort_leftovers("", "lake", from_millis(4'000'000'000'000)), 0u) << "no temporary file stays";
}

TEST_F(DirectoryStoreTest, CancelledStoresDoNothing) {
  rig.store->cancel();
  EXPECT_EQ(rig.put("k", "x").error().code, Errc::cancelled);
  EXPECT_EQ(rig.store->list("", "", 1).error().code, Errc::cancelled);
}

TEST(DirectoryStoreCrash, WhatWasAcknowledgedIsThereAndNothingIsTorn) {
  test::MemoryFileSystem disk;
  Rig rig(disk, "/data/out");
  std::vector<std::string> acknowledged;
  std::size_t images = 0;
  const auto verify = [&](const test::CrashPlan& plan) {
    const auto after = disk.crash(plan);
    Rig again(*after, "/data/out");
    for (const std::string& key : again.list()) {
      ASSERT_EQ(as_text(**again.store->get(key, 1 << 20)), "body of " + key);
    }
    for (const std::string& key : acknowledged) {
      const auto outcome = again.put(key, "body of " + key);
      ASSERT_TRUE(outcome.ok()) << outcome.error().to_string();
      ASSERT_EQ(*outcome, PutOutcome::same) << key << " was acknowledged";
    }
    ++images;
  };
  disk.on_operation([&](const test::FileCallInfo& call) {
    for (const test::CrashPlan& plan : disk.crash_plans(call.number)) verify(plan);
  });
  for (const char* key : {"a", "x/y/1", "x/y/2", "x/z/1", "a"}) {
    ASSERT_TRUE(rig.put(key, "body of " + std::string(key)).ok());
    acknowledged.emplace_back(key);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(images, 100u);
}

TEST(DirectoryStoreCrash, AProcessKilledAnywhereLeavesARetryThatSucceedsDurably) {
  for (std::uint64_t call = 1; call < 60; ++call) {
    test::MemoryFileSystem disk;
    disk.fail_call(call, test::Fault::io_error);
    Rig rig(disk, "/data/out");
    const bool first = rig.put("x/y/1", "body").ok();
    const auto killed = disk.kill();
    Rig again(*killed, "/data/out");
    const auto outcome = again.put("x/y/1", "body");
    ASSERT_TRUE(outcome.ok()) << "call " << call << ": " << outcome.error().to_string();
    ASSERT_TRUE(!first || *outcome == PutOutcome::same) << call;
    const auto crashed = killed->crash({});
    Rig third(*crashed, "/data/out");
    ASSERT_EQ(*third.put("x/y/1", "body"), PutOutcome::same) << "call " << call << ": acknowledged and gone";
  }
}

TEST(DirectoryStoreFaults, AFullDiskIsUnavailableAndLeavesNoObject) {
  test::MemoryFileSystem disk;
  Rig rig(disk, "/data/out");
  ASSERT_TRUE(rig.put("a", "x").ok());
  disk.set_capacity(disk.used_bytes());
  const auto outcome = rig.put("b", std::string(100'000, 'x'));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::unavailable);
  EXPECT_THAT(rig.list(), ElementsAre("a"));
}

}  // namespace
}  // namespace forebay::gateway::delivery
