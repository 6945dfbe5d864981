#pragma once

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "gateway/log/stream_keys.h"
#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {

using glog::KeyId;
using glog::KeyRing;
using Values = std::vector<std::pair<std::int64_t, std::string>>;

inline CipherKey key_of(std::uint8_t byte) { return CipherKey(Buffer(CipherKey::kSize, byte)); }
inline const KeyId kFirst = glog::id_of(key_of(1));
inline const KeyId kSecond = glog::id_of(key_of(2));

inline std::shared_ptr<KeyRing> ring_of(const std::vector<std::uint8_t>& bytes) {
  std::vector<KeyRing::NamedKey> keys;
  for (const std::uint8_t byte : bytes) keys.push_back({"alias/" + std::to_string(byte), key_of(byte)});
  auto ring = KeyRing::make(keys);
  EXPECT_TRUE(ring);
  return std::make_shared<KeyRing>(*std::move(ring));
}

inline Values numbered(std::initializer_list<const char*> prefixes, std::uint32_t count) {
  Values values;
  for (const char* prefix : prefixes)
    for (std::uint32_t i = 0; i < count; ++i)
      values.emplace_back(static_cast<std::int64_t>(values.size()), prefix + std::to_string(i));
  return values;
}

/// A log with keys on a disk in memory: what lies there can be looked at and damaged.
struct EncryptionTest : ::testing::Test {
  MemoryFileSystem disk;
  ManualClock clock;
  std::unique_ptr<LogHarness> log = opened({1, 2});
  glog::StreamId stream = log->create("s", 2);

  std::unique_ptr<LogHarness> opened(const std::vector<std::uint8_t>& keys, std::uint64_t seed = 1) {
    auto harness = std::make_unique<LogHarness>(disk, clock, seed);
    harness->keys = ring_of(keys);
    const auto done = harness->open();
    EXPECT_TRUE(done) << (done ? "" : done.error().to_string());
    return harness;
  }
  /// Ends the log as a kill does and opens it with these keys.
  void reopen(const std::vector<std::uint8_t>& keys, std::uint64_t seed = 2) {
    log.reset();
    log = opened(keys, seed);
  }
  void set_key(KeyId key) {
    glog::ChangeStreamWork change;
    change.stream = stream;
    change.attributes =
        glog::change_of_key(log->log->directory()->streams.at(stream)->attributes, key, clock.wall_now());
    ASSERT_FALSE(log->run(std::move(change))->error);
  }
  std::optional<Error> put(const std::string& prefix, std::uint32_t count = 3, std::uint32_t shard = 0) {
    glog::PutWork work;
    work.stream = stream;
    work.map_version = 1;
    work.parts.push_back(make_part(shard, prefix, count));
    auto submission = std::make_unique<glog::Submission>(std::move(work), log->owner);
    if (auto taken = log->log->submit(std::move(submission)); !taken) return std::move(taken).error();
    while (log->log->sequencer().turn()) {
    }
    std::optional<Error> error = std::exchange(log->owner.all, {}).front()->error;
    return error;
  }
  bool on_disk(std::string_view text) const {
    for (const std::string& path : disk.paths()) {
      const Buffer bytes = disk.content(path);
      if (as_text(bytes).find(text) != std::string_view::npos) return true;
    }
    return false;
  }
  std::string segment_path(std::uint32_t shard = 0, std::string_view ending = ".segment") const {
    for (const std::string& path : disk.paths())
      if (path.starts_with("/data/streams/1/" + std::to_string(shard) + "/") && path.ends_with(ending)) return path;
    return {};
  }
  /// Changes the last bit of these bytes in the journal and makes the checksum of their commit right again.
  void flip_in_journal(const Buffer& bytes) {
    for (const std::string& path : disk.paths()) {
      if (!path.starts_with("/data/journal/")) continue;
      Buffer file = disk.content(path);
      const std::size_t at = as_text(file).find(as_text(bytes));
      if (at == std::string_view::npos) continue;
      file[at + bytes.size() - 1] ^= 1;
      const std::size_t commit = as_text(file).rfind("FBcm", at);
      ASSERT_NE(commit, std::string_view::npos);
      const std::uint32_t content = ByteReader(ByteView(file).subspan(commit + 8, 4)).u32_le();
      Buffer crc;
      ByteWriter(crc).u32_le(crc32c(ByteView(file).subspan(commit + 8, 120 + content)));
      std::copy(crc.begin(), crc.end(), file.begin() + static_cast<std::ptrdiff_t>(commit) + 4);
      return disk.set_content(path, file);
    }
    FAIL() << "the batch is not in the journal";
  }
  /// Changes one row and makes its checksum right again.
  void forge_row(std::uint64_t index, const std::function<void(glog::SegmentRow&)>& change) {
    const std::string path = segment_path(0, ".rows");
    const glog::SegmentIdentity identity{{stream, glog::ShardNumber(0)}, glog::Offset(0)};
    const Buffer rows = disk.content(path);
    const ByteView bytes = ByteView(rows).subspan(glog::row_position(index), glog::kRowSize);
    auto row = glog::decode_row(identity, index, bytes);
    ASSERT_TRUE(row) << row.error().context;
    change(*row);
    Buffer forged;
    glog::encode_row(identity, index, *row, forged);
    disk.overwrite(path, glog::row_position(index), forged);
  }
};

}  // namespace forebay::test
