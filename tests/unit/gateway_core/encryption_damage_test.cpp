// Encrypted batches that were changed on the disk: a declared hole, never another content.
#include "tests/unit/gateway_core/encryption_rig.h"

namespace forebay::test {
namespace {

TEST_F(EncryptionTest, EveryFlippedBitOfABatchOrItsTagIsADeclaredHole) {
  set_key(kFirst);
  ASSERT_FALSE(put("first", 1));
  ASSERT_FALSE(put("second", 1));
  ASSERT_FALSE(put("third", 1));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  const std::string path = segment_path();
  const Buffer sound = disk.content(path);
  const std::size_t size = sound.size() / 3;
  const auto is_hole = [&] {
    auto& reader = log->log->reader();
    const auto view = log->view(stream, 0);
    const auto read = reader.read(*view, glog::Offset(1), 1_MiB);
    return !read && read.error().code == Errc::corrupt &&
           *reader.readable_from(*view, glog::Offset(1)) == glog::Offset(2);
  };
  EXPECT_FALSE(is_hole());
  for (std::size_t bit = 0; bit < size * 8; ++bit) {
    Buffer changed = sound;
    changed[size + bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    disk.set_content(path, changed);
    const std::size_t byte = bit / 8;
    if (byte >= 12 && byte < 16) continue;  // leader epoch: says nothing, checked by nobody, also without encryption
    ASSERT_TRUE(is_hole()) << "bit " << bit;
  }
  disk.set_content(path, sound);
  for (std::size_t bit = 0; bit < kGcmTagSize * 8; ++bit) {
    const auto flip = [&](glog::SegmentRow& row) {
      row.seal.tag[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    };
    forge_row(1, flip);
    ASSERT_TRUE(is_hole()) << "bit " << bit << " of the tag";
    forge_row(1, flip);
  }
  EXPECT_FALSE(is_hole());
  forge_row(1, [](glog::SegmentRow& row) { row.seal.nonce[9] ^= 1; });
  EXPECT_TRUE(is_hole());
  forge_row(1, [](glog::SegmentRow& row) {
    row.seal.nonce[9] ^= 1;
    row.seal.key = kSecond;
  });
  EXPECT_TRUE(is_hole());
}

TEST_F(EncryptionTest, ADamagedBatchOfTheJournalIsADeclaredHoleAfterTheStart) {
  set_key(kFirst);
  ASSERT_FALSE(put("first", 1));
  ASSERT_FALSE(put("second", 1));
  ASSERT_FALSE(put("third", 1));
  const auto runs = log->view(stream, 0)->runs();
  const Buffer sealed = (*runs->front())[1].sealed;
  log.reset();
  flip_in_journal(sealed);
  log = opened({1});
  EXPECT_EQ(log->log->recovery().holes, 1u);
  for (int round = 0; round < 2; ++round) {
    const auto view = log->view(stream, 0);
    const auto read = log->log->reader().read(*view, glog::Offset(1), 1_MiB);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::corrupt);
    EXPECT_EQ(*log->log->reader().readable_from(*view, glog::Offset(1)), glog::Offset(2));
    EXPECT_TRUE(log->log->reader().read(*view, glog::Offset(0), 1_MiB));
    EXPECT_TRUE(log->log->reader().read(*view, glog::Offset(2), 1_MiB));
    ASSERT_TRUE(log->log->keeper().checkpoint());  // the same from the segment
  }
}

TEST_F(EncryptionTest, CiphertextMovedToAnotherShardIsNotBelieved) {
  set_key(kFirst);
  ASSERT_FALSE(put("zero-shard", 1, 0));
  ASSERT_FALSE(put("one--shard", 1, 1));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  const glog::SegmentIdentity first{{stream, glog::ShardNumber(0)}, glog::Offset(0)};
  const glog::SegmentIdentity second{{stream, glog::ShardNumber(1)}, glog::Offset(0)};
  const Buffer rows = disk.content(segment_path(1, ".rows"));
  const auto row = glog::decode_row(second, 0, ByteView(rows).subspan(glog::kRowsHeaderSize, glog::kRowSize));
  ASSERT_TRUE(row);
  Buffer moved;
  glog::encode_row(first, 0, *row, moved);
  disk.overwrite(segment_path(0, ".rows"), glog::kRowsHeaderSize, moved);
  disk.set_content(segment_path(0), disk.content(segment_path(1)));
  const auto read = log->log->reader().read(*log->view(stream, 0), glog::Offset(0), 1_MiB);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace forebay::test
