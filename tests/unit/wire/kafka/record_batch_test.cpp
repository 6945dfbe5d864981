// Batches we build are read back, batches of kafka-python are read, and every kind of damage is refused with a reason.
#include "wire/kafka/record_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "base/byte_writer.h"
#include "base/compression.h"
#include "base/crc32c.h"
#include "base/varint.h"
#include "tests/unit/wire/golden_file.h"

namespace forebay::wire::kafka {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kBaseMs = 1'700'000'000'123;

struct Seen {
  std::string key;
  std::string value;
  std::int64_t timestamp_ms;
  std::optional<HashKey> hash_key;
  friend bool operator==(const Seen&, const Seen&) = default;
};

Result<std::vector<Seen>> read_all(ByteView batch, const BatchLimits& limits = {}) {
  std::vector<Seen> seen;
  Buffer scratch;
  FB_TRY(auto header, for_each_record(batch, limits, scratch, [&](const BatchRecord& r) {
           EXPECT_EQ(static_cast<std::size_t>(r.offset_delta), seen.size());
           seen.push_back({std::string(r.key), std::string(as_text(r.value)), r.timestamp_ms, r.explicit_hash_key});
         }));
  EXPECT_EQ(static_cast<std::size_t>(header.record_count), seen.size());
  return seen;
}

Buffer build(Codec codec, const std::vector<Seen>& records) {
  RecordBatchBuilder builder;
  for (const Seen& r : records) builder.add(r.key, as_bytes(r.value), r.timestamp_ms, r.hash_key);
  Buffer out;
  builder.finish(codec, out);
  EXPECT_TRUE(builder.empty());
  return out;
}

std::vector<Seen> sample(int count) {
  std::vector<Seen> records;
  for (int i = 0; i < count; ++i) {
    std::optional<HashKey> hash_key;
    if (i % 10 == 3) hash_key = HashKey{0, static_cast<std::uint64_t>(i)};
    records.push_back({"device-" + std::to_string(i % 5),
                       "value " + std::to_string(i) + " of a line that repeats and repeats", kBaseMs + 10 * (i ^ 1),
                       hash_key});
  }
  return records;
}

void fix_crc(Buffer& batch) { ByteWriter(batch).patch_u32_be(17, crc32c(ByteView(batch).subspan(21))); }

/// A batch of hand-made record bytes with right lengths and checksum.
Buffer wrap(ByteView records, std::int32_t count, std::uint16_t attributes = 0, std::int64_t max_ms = kBaseMs) {
  Buffer out;
  ByteWriter w(out);
  w.i64_be(0);
  w.i32_be(static_cast<std::int32_t>(kBatchHeaderSize - kBatchPrefixSize + records.size()));
  w.i32_be(-1);
  w.u8(2);
  w.u32_be(0);
  w.u16_be(attributes);
  w.i32_be(count - 1);
  w.i64_be(kBaseMs);
  w.i64_be(max_ms);
  w.i64_be(-1);
  w.u16_be(0xffff);
  w.i32_be(-1);
  w.i32_be(count);
  w.bytes(records);
  fix_crc(out);
  return out;
}

Buffer record(std::initializer_list<std::uint8_t> body) {
  Buffer out;
  write_varint(out, static_cast<std::int64_t>(body.size()));
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

void expect_refused(ByteView batch, Errc code, const char* reason, const BatchLimits& limits = {}) {
  auto result = read_all(batch, limits);
  ASSERT_FALSE(result.ok()) << "expected: " << reason;
  EXPECT_EQ(result.error().code, code) << result.error().to_string();
  EXPECT_THAT(result.error().context, HasSubstr(reason));
}

TEST(RecordBatch, RoundTripKeepsEveryField) {
  for (Codec codec : {Codec::none, Codec::lz4}) {
    std::vector<Seen> records = sample(3000);
    records.push_back({"", "", 0, HashKey::max()});
    records.push_back({std::string(300, 'k'), std::string(1 << 20, 'v'), kBaseMs * 3, {}});
    const Buffer batch = build(codec, records);
    auto read = read_all(batch);
    ASSERT_TRUE(read.ok()) << read.error().to_string();
    EXPECT_EQ(*read, records);
    EXPECT_EQ(read_batch_header(batch)->codec(), codec);
  }
}

TEST(RecordBatch, BuilderIsReusableAndAppends) {
  RecordBatchBuilder builder;
  Buffer out;
  builder.add("a", as_bytes("1"), 5);
  builder.finish(Codec::none, out);
  const std::size_t first = out.size();
  builder.add("b", as_bytes("2"), 9);
  EXPECT_EQ(builder.max_timestamp_ms(), 9);
  builder.finish(Codec::none, out);
  EXPECT_EQ((*read_all(ByteView(out).first(first)))[0].key, "a");
  EXPECT_EQ((*read_all(ByteView(out).subspan(first)))[0].timestamp_ms, 9);
}

TEST(RecordBatch, Lz4IsLeftOutWhenItDoesNotHelp) {
  std::mt19937_64 random(7);
  std::string noise(4096, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  const Buffer batch = build(Codec::lz4, {{"k", noise, 1, {}}});
  EXPECT_EQ(read_batch_header(batch)->codec(), Codec::none);
  EXPECT_EQ((*read_all(batch))[0].value, noise);
}

TEST(RecordBatch, TimesBefore1970AreStoredAsZero) {
  const Buffer batch = build(Codec::none, {{"k", "v", -1, {}}, {"k", "v", 10, {}}});
  auto read = read_all(batch);
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ((*read)[0].timestamp_ms, 0);
}

TEST(RecordBatch, BaseOffsetIsPatchedOutsideTheChecksum) {
  Buffer batch = build(Codec::lz4, sample(20));
  const Buffer before = batch;
  set_base_offset(batch, 0x0102030405060708, 3);
  auto header = read_batch_header(batch);
  EXPECT_EQ(header->base_offset, 0x0102030405060708);
  EXPECT_EQ(header->leader_epoch, 3);
  EXPECT_EQ(header->crc, read_batch_header(before)->crc);
  EXPECT_TRUE(read_all(batch).ok());
  EXPECT_TRUE(std::equal(batch.begin() + 16, batch.end(), before.begin() + 16));
}

TEST(RecordBatch, VisitorErrorEndsTheWalk) {
  const Buffer batch = build(Codec::none, sample(10));
  Buffer scratch;
  int seen = 0;
  auto result = for_each_record(batch, {}, scratch, [&](const BatchRecord&) -> Result<void> {
    if (++seen == 4) return Error{Errc::out_of_range, "key outside the shard"};
    return {};
  });
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, Errc::out_of_range);
  EXPECT_EQ(seen, 4);
}

TEST(RecordBatch, ReadsBatchesOfKafkaPython) {
  struct Plain {
    const char* file;
    int count;
  };
  for (const Plain& c : {Plain{"none_1", 1}, Plain{"none_100", 100}, Plain{"lz4_1000", 1000}}) {
    auto read = read_all(test::golden_bytes(std::string("record_batch/") + c.file + ".bin"));
    ASSERT_TRUE(read.ok()) << c.file << ": " << read.error().to_string();
    ASSERT_EQ(read->size(), static_cast<std::size_t>(c.count));
    for (int i = 0; i < c.count; ++i) {
      const Seen expected{"device-00" + std::to_string(i % 7),
                          std::to_string(i) + ": temperature 21.5, load 0." + std::to_string(i % 10),
                          kBaseMs + 250 * i - 3 * (i % 2),
                          {}};
      EXPECT_EQ((*read)[static_cast<std::size_t>(i)], expected);
    }
  }
  auto large = read_all(test::golden_bytes("record_batch/lz4_large.bin"));
  ASSERT_TRUE(large.ok()) << large.error().to_string();
  EXPECT_EQ(large->size(), 8u);
  EXPECT_EQ(large->at(3).value.size(), 50'000u);
}

TEST(RecordBatch, OurUncompressedBytesEqualThoseOfKafkaPython) {
  std::vector<Seen> records;
  for (int i = 0; i < 100; ++i)
    records.push_back({"device-00" + std::to_string(i % 7),
                       std::to_string(i) + ": temperature 21.5, load 0." + std::to_string(i % 10),
                       kBaseMs + 250 * i - 3 * (i % 2),
                       {}});
  Buffer ours = build(Codec::none, records);
  const Buffer theirs = test::golden_bytes("record_batch/none_100.bin");
  set_base_offset(ours, 0, read_batch_header(theirs)->leader_epoch);
  EXPECT_EQ(ours, theirs);
}

TEST(RecordBatch, HeadersAreSkippedAndTheHashKeyIsFound) {
  auto read = read_all(test::golden_bytes("record_batch/headers.bin"));
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  ASSERT_EQ(read->size(), 3u);
  EXPECT_FALSE((*read)[0].hash_key);
  EXPECT_EQ((*read)[1].hash_key, (HashKey{0x0001020304050607, 0x08090a0b0c0d0e0f}));
  EXPECT_EQ((*read)[2].hash_key, (HashKey{0x0f0e0d0c0b0a0908, 0x0706050403020100}));
}

TEST(RecordBatch, EmptyFieldsAndNullsFollowTheRules) {
  auto empty = read_all(test::golden_bytes("record_batch/empty_fields.bin"));
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->at(2), (Seen{"", "v", kBaseMs, {}}));
  auto null_value = read_all(test::golden_bytes("record_batch/null_value.bin"));
  ASSERT_TRUE(null_value.ok());
  EXPECT_EQ(null_value->at(0).value, "");
  expect_refused(test::golden_bytes("record_batch/null_key.bin"), Errc::corrupt, "record 1: its key is null");
  expect_refused(test::golden_bytes("record_batch/hash_key_short.bin"), Errc::corrupt, "its headers are wrong");
  expect_refused(test::golden_bytes("record_batch/gzip.bin"), Errc::unsupported, "codec 1");
}

TEST(RecordBatch, EveryTruncationAndExtensionIsRefused) {
  for (Codec codec : {Codec::none, Codec::lz4}) {
    Buffer batch = build(codec, sample(40));
    for (std::size_t size = 0; size < batch.size(); ++size)
      ASSERT_FALSE(read_all(ByteView(batch).first(size)).ok()) << size;
    batch.push_back(0);
    EXPECT_FALSE(read_all(batch).ok());
  }
}

TEST(RecordBatch, EveryFlippedBitOutsideThePrefixIsRefused) {
  Buffer batch = build(Codec::none, sample(4));
  for (std::size_t i = 16; i < batch.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      batch[i] = static_cast<std::uint8_t>(batch[i] ^ (1 << bit));
      ASSERT_FALSE(read_all(batch).ok()) << "byte " << i << " bit " << bit;
      batch[i] = static_cast<std::uint8_t>(batch[i] ^ (1 << bit));
    }
  }
}

// The checksum is right and the content random: nothing may be read out of bounds (run under ASan).
TEST(RecordBatch, DamageBehindARightChecksumNeverReadsOutside) {
  std::mt19937_64 random(42);
  for (Codec codec : {Codec::none, Codec::lz4}) {
    const Buffer good = build(codec, sample(12));
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
      Buffer bad = good;
      const int changes = 1 + static_cast<int>(random() % 3);
      for (int i = 0; i < changes; ++i) bad[21 + random() % (bad.size() - 21)] = static_cast<std::uint8_t>(random());
      fix_crc(bad);
      if (read_all(bad).ok()) ++accepted;
    }
    EXPECT_LT(accepted, 20'000);
  }
}

TEST(RecordBatch, AttributesCountsAndTimesMustFit) {
  const Buffer good = record({0, 0, 0, 2, 'k', 2, 'v', 0});
  ASSERT_TRUE(read_all(wrap(good, 1)).ok());
  expect_refused(wrap(good, 1, 0x08), Errc::unsupported, "attributes 8");
  expect_refused(wrap(good, 1, 0x10), Errc::unsupported, "attributes 16");
  expect_refused(wrap(good, 1, 0x20), Errc::unsupported, "attributes 32");
  expect_refused(wrap(good, 1, 4), Errc::unsupported, "codec 4");
  expect_refused(wrap(good, 0), Errc::corrupt, "record count 0");
  expect_refused(wrap(good, -5), Errc::corrupt, "record count -5");
  expect_refused(wrap(good, 2), Errc::corrupt, "record 1: its length is wrong");
  expect_refused(wrap(good, 1, 0, kBaseMs - 1), Errc::corrupt, "not in order");
  expect_refused(wrap(good, 1, 0, kBaseMs + 1), Errc::corrupt, "largest timestamp");
  Buffer twice = good;
  append(twice, good);
  expect_refused(wrap(twice, 1), Errc::corrupt, "bytes follow the last record");
  expect_refused(wrap(twice, 2), Errc::corrupt, "record 1: its offset delta");
}

TEST(RecordBatch, MalformedRecordsAreRefusedByField) {
  expect_refused(wrap(record({}), 1), Errc::corrupt, "attributes");
  expect_refused(wrap(record({1, 0, 0, 2, 'k', 2, 'v', 0}), 1), Errc::corrupt, "attributes");
  expect_refused(wrap(record({0, 1, 0, 2, 'k', 2, 'v', 0}), 1, 0, kBaseMs), Errc::corrupt, "largest timestamp");
  expect_refused(wrap(record({0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0}), 1), Errc::corrupt,
                 "timestamp is cut off");
  expect_refused(wrap(record({0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0, 0}), 1), Errc::corrupt,
                 "timestamp is out of range");
  expect_refused(wrap(record({0, 0, 0, 20, 'k', 2, 'v', 0}), 1), Errc::corrupt, "key length");
  expect_refused(wrap(record({0, 0, 0, 3, 'k', 2, 'v', 0}), 1), Errc::corrupt, "key length");
  expect_refused(wrap(record({0, 0, 0, 2, 'k', 20, 'v', 0}), 1), Errc::corrupt, "value length");
  expect_refused(wrap(record({0, 0, 0, 2, 'k', 2, 'v'}), 1), Errc::corrupt, "headers");
  expect_refused(wrap(record({0, 0, 0, 2, 'k', 2, 'v', 0, 0}), 1), Errc::corrupt, "headers");
  expect_refused(wrap(record({0, 0, 0, 2, 'k', 2, 'v', 1}), 1), Errc::corrupt, "headers");
  expect_refused(wrap(record({0, 0, 0, 2, 'k', 2, 'v', 0xfe, 0xff, 0xff, 0xff, 0x0f}), 1), Errc::corrupt, "headers");
  expect_refused(wrap(record({0, 0, 0, 2, 'k', 2, 'v', 2, 1, 0}), 1), Errc::corrupt, "headers");
  const Buffer overlong = {0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
  expect_refused(wrap(overlong, 1), Errc::corrupt, "length is wrong");
}

TEST(RecordBatch, LimitsHold) {
  const std::string value(100'000, 'x');
  const Buffer packed = build(Codec::lz4, {{"k", value, 1, {}}});
  ASSERT_LT(packed.size(), 2000u);
  expect_refused(packed, Errc::too_large, "", {.uncompressed_bytes_max = 50'000});
  expect_refused(packed, Errc::too_large, "record 0", {.record_bytes_max = 100'000});
  EXPECT_TRUE(read_all(packed, {.record_bytes_max = 100'001}).ok());
  expect_refused(build(Codec::none, {{"k", value, 1, {}}}), Errc::too_large, "", {.uncompressed_bytes_max = 50'000});
}

TEST(RecordBatch, Lz4FramesOtherReadersRefuseAreRefused) {
  const Buffer good = build(Codec::lz4, sample(100));
  Buffer linked = good;
  linked[65] = static_cast<std::uint8_t>(linked[65] & ~0x20);
  fix_crc(linked);
  expect_refused(linked, Errc::unsupported, "linked blocks");
  Buffer twice = good;
  append(twice, ByteView(good).subspan(kBatchHeaderSize));
  ByteWriter(twice).patch_u32_be(8, static_cast<std::uint32_t>(twice.size() - 12));
  fix_crc(twice);
  expect_refused(twice, Errc::corrupt, "");
}

// Writes what tests/golden/read_record_batches.py checks with kafka-python, when asked to.
TEST(RecordBatch, WritesSamplesForOtherReaders) {
  const char* folder = std::getenv("FOREBAY_BATCHES_OUT");
  for (auto [name, codec, count] : {std::tuple{"none", Codec::none, 50}, std::tuple{"lz4", Codec::lz4, 5000}}) {
    Buffer batch = build(codec, sample(count));
    set_base_offset(batch, 1000);
    EXPECT_EQ(read_batch_header(batch)->codec(), codec);
    if (folder == nullptr) continue;
    std::ofstream out(std::string(folder) + "/" + name + ".bin", std::ios::binary);
    out.write(reinterpret_cast<const char*>(batch.data()), static_cast<std::streamsize>(batch.size()));
    EXPECT_TRUE(out.good());
  }
}

}  // namespace
}  // namespace forebay::wire::kafka
