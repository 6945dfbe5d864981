// Encryption at rest in the log: what lies on the disk and what readers get.
#include <set>

#include "tests/unit/gateway_core/encryption_rig.h"

namespace forebay::test {
namespace {

TEST_F(EncryptionTest, WhatIsPutAfterTheStartStandsNowhereOnTheDiskAndReadsBack) {
  ASSERT_FALSE(put("open-canary-"));
  EXPECT_TRUE(on_disk("open-canary-"));
  set_key(kFirst);
  ASSERT_FALSE(put("secret-canary-"));
  const Values all = numbered({"open-canary-", "secret-canary-"}, 3);
  EXPECT_EQ(log->read_all(stream, 0), all);  // from memory
  EXPECT_FALSE(on_disk("secret-canary-"));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  EXPECT_FALSE(on_disk("secret-canary-"));
  EXPECT_EQ(log->read_all(stream, 0), all);  // from the segment
  ASSERT_FALSE(put("late-canary-"));
  reopen({1});
  EXPECT_FALSE(on_disk("late-canary-"));
  EXPECT_EQ(log->read_all(stream, 0), numbered({"open-canary-", "secret-canary-", "late-canary-"}, 3));
}

TEST_F(EncryptionTest, JournalAndSegmentHoldTheSameBytes) {
  set_key(kFirst);
  ASSERT_FALSE(put("secret"));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  const Buffer segment = disk.content(segment_path());
  ASSERT_FALSE(segment.empty());
  EXPECT_TRUE(on_disk(as_text(segment)));
  std::size_t holders = 0;
  for (const std::string& path : disk.paths())
    if (as_text(disk.content(path)).find(as_text(segment)) != std::string_view::npos) ++holders;
  EXPECT_EQ(holders, 2u);
}

TEST_F(EncryptionTest, AStreamWithoutKeyIsTheSameBytesWithAndWithoutKeysGiven) {
  ASSERT_FALSE(put("plain"));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  MemoryFileSystem other_disk;
  LogHarness other(other_disk, clock);
  ASSERT_TRUE(other.open());
  const auto same = other.create("s", 2);
  ASSERT_FALSE(other.put(same, 0, "plain", 3)->error);
  ASSERT_TRUE(other.log->keeper().checkpoint());
  EXPECT_EQ(disk.content(segment_path()), other_disk.content(segment_path()));
  EXPECT_EQ(disk.content(segment_path(0, ".rows")), other_disk.content(segment_path(0, ".rows")));
}

TEST_F(EncryptionTest, KeysChangeAndStopAndEverythingStaysReadable) {
  ASSERT_FALSE(put("a"));
  set_key(kFirst);
  ASSERT_FALSE(put("b"));
  set_key(kSecond);
  ASSERT_FALSE(put("c"));
  set_key(glog::kNoKey);
  ASSERT_FALSE(put("d-open-again-"));
  set_key(kFirst);
  ASSERT_FALSE(put("e"));
  const Values all = numbered({"a", "b", "c", "d-open-again-", "e"}, 3);
  EXPECT_EQ(log->read_all(stream, 0), all);
  reopen({1, 2});
  EXPECT_EQ(log->read_all(stream, 0), all);
  ASSERT_TRUE(log->log->keeper().checkpoint());
  EXPECT_EQ(log->read_all(stream, 0), all);
  EXPECT_TRUE(on_disk("d-open-again-"));
}

TEST_F(EncryptionTest, ReadsSayWhichBatchesAreEncryptedAtRest) {
  ASSERT_FALSE(put("a"));
  set_key(kFirst);
  ASSERT_FALSE(put("b"));
  for (int round = 0; round < 2; ++round) {
    const auto read = log->log->reader().read(*log->view(stream, 0), glog::Offset(0), 1_MiB);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->batches.size(), 2u);
    EXPECT_FALSE(read->batches[0].encrypted);
    EXPECT_TRUE(read->batches[1].encrypted);
    ASSERT_TRUE(log->log->keeper().checkpoint());
  }
}

TEST_F(EncryptionTest, NoNonceComesTwice) {
  set_key(kFirst);
  for (int i = 0; i < 20; ++i) ASSERT_FALSE(put("n", 1));
  reopen({1}, 7);
  for (int i = 0; i < 20; ++i) ASSERT_FALSE(put("n", 1));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  std::set<GcmNonce> nonces;
  std::size_t rows = 0;
  const auto segments = log->view(stream, 0)->segments();
  const glog::DataPaths paths{"/data"};
  for (const auto& segment : *segments) {
    const auto reader = glog::SegmentReader::open(disk, paths, segment->identity);
    ASSERT_TRUE(reader);
    for (std::uint64_t i = 0; i < segment->row_count(); ++i, ++rows) nonces.insert((*reader)->row(i)->seal.nonce);
  }
  EXPECT_EQ(rows, 40u);
  EXPECT_EQ(nonces.size(), 40u);
}

TEST_F(EncryptionTest, UploadsAreEncryptedToo) {
  set_key(kFirst);
  glog::LaneWork lane;
  lane.key.stream = stream;
  lane.key.lineage.ordinal = 1;
  lane.first = 1;
  lane.count = 3;
  lane.crc = 9;
  lane.map_version = 1;
  lane.parts.push_back(make_part(0, "agent-canary-", 3));
  glog::UploadWork upload;
  upload.lanes.push_back(lane);
  glog::Work work = upload;
  const auto done = log->run(std::move(work));
  ASSERT_FALSE(done->error);
  EXPECT_EQ(std::get<glog::UploadWork>(done->work).lanes[0].result, glog::LaneResult::committed);
  ASSERT_TRUE(log->log->keeper().checkpoint());
  EXPECT_FALSE(on_disk("agent-canary-"));
  reopen({1});
  EXPECT_EQ(log->read_all(stream, 0), numbered({"agent-canary-"}, 3));
  EXPECT_TRUE(log->log->sequencer().lanes().find(lane.key));
}

TEST_F(EncryptionTest, ABatchThatCameBackToBeRoutedIsEncryptedForItsNewShard) {
  set_key(kFirst);
  glog::PutWork put;
  put.stream = stream;
  put.map_version = 9;
  put.parts.push_back(make_part(0, "again", 2));
  glog::Work work = put;
  auto back = log->run(std::move(work));
  ASSERT_TRUE(std::get<glog::PutWork>(back->work).rerouted);
  auto& returned = std::get<glog::PutWork>(back->work);
  EXPECT_TRUE(returned.parts[0].seal.is_set());
  returned.parts[0].shard = glog::ShardNumber(1);
  returned.map_version = 1;
  returned.rerouted = false;
  set_key(glog::kNoKey);
  set_key(kSecond);
  work = std::move(back->work);
  ASSERT_FALSE(log->run(std::move(work))->error);
  reopen({2});
  EXPECT_EQ(log->read_all(stream, 1), numbered({"again"}, 2));
}

}  // namespace
}  // namespace forebay::test
