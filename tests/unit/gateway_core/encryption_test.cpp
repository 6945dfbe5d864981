// Encryption at rest in the log: what lies on the disk, what readers get, and what happens without the right key.
#include <gtest/gtest.h>

#include <set>

#include "base/crc32c.h"
#include "base/digest.h"
#include "gateway/log/log_metrics.h"
#include "gateway/log/stream_keys.h"
#include "tests/unit/gateway_core/log_fixture.h"

namespace forebay::test {
namespace {

using glog::KeyId;
using glog::KeyRing;
using Values = std::vector<std::pair<std::int64_t, std::string>>;

CipherKey key_of(std::uint8_t byte) { return CipherKey(Buffer(CipherKey::kSize, byte)); }
const KeyId kFirst = glog::id_of(key_of(1));
const KeyId kSecond = glog::id_of(key_of(2));

std::shared_ptr<KeyRing> ring_of(const std::vector<std::uint8_t>& bytes) {
  std::vector<KeyRing::NamedKey> keys;
  for (const std::uint8_t byte : bytes) keys.push_back({"alias/" + std::to_string(byte), key_of(byte)});
  auto ring = KeyRing::make(keys);
  EXPECT_TRUE(ring);
  return std::make_shared<KeyRing>(*std::move(ring));
}

Values numbered(std::initializer_list<const char*> prefixes, std::uint32_t count) {
  Values values;
  for (const char* prefix : prefixes)
    for (std::uint32_t i = 0; i < count; ++i)
      values.emplace_back(static_cast<std::int64_t>(values.size()), prefix + std::to_string(i));
  return values;
}

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

TEST_F(EncryptionTest, AMissingKeyRefusesItsStreamByNameAndChangesNothing) {
  const auto other = log->create("other", 1);
  set_key(kFirst);
  ASSERT_FALSE(put("a"));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  ASSERT_FALSE(put("b"));  // in the journal only
  reopen({2});
  const std::string wanted = "stream s is encrypted with key " + glog::to_text(kFirst);
  const auto refused = put("c");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::permission);
  EXPECT_NE(refused->context.find(wanted), std::string::npos) << refused->context;
  EXPECT_NE(refused->context.find("alias/2 (" + glog::to_text(kSecond) + ")"), std::string::npos) << refused->context;
  bool logged = false;
  for (const std::string& line : log->lines.lines()) logged = logged || line.find(wanted) != std::string::npos;
  EXPECT_TRUE(logged);
  for (int round = 0; round < 2; ++round) {
    for (const std::int64_t from : {0, 1, 3, 5}) {
      const auto read = log->log->reader().read(*log->view(stream, 0), glog::Offset(from), 1_MiB);
      ASSERT_FALSE(read);
      EXPECT_EQ(read.error().code, Errc::permission) << from;
      EXPECT_NE(read.error().context.find(wanted), std::string::npos) << read.error().context;
      EXPECT_EQ(*log->log->reader().readable_from(*log->view(stream, 0), glog::Offset(from)), glog::Offset(from));
    }
    ASSERT_TRUE(log->log->keeper().checkpoint());  // what the journal held goes to segments without the key
  }
  EXPECT_EQ(log->log->recovery().holes, 0u);
  ASSERT_FALSE(log->put(other, 0, "fine", 2)->error);
  EXPECT_EQ(log->read_all(other, 0), numbered({"fine"}, 2));
  reopen({1}, 3);
  EXPECT_EQ(log->read_all(stream, 0), numbered({"a", "b"}, 3));
}

TEST_F(EncryptionTest, AKeyThatIsAddedOpensItsStreamWithoutARestart) {
  log->create("other", 1);
  set_key(kFirst);
  ASSERT_FALSE(put("a"));
  reopen({2});
  const auto locked = [&] { return log->metrics().gauge(glog::kLockedStreamsMetric).value(); };
  EXPECT_EQ(locked(), 1);
  ASSERT_TRUE(put("refused"));
  EXPECT_FALSE(log->log->reader().read(*log->view(stream, 0), glog::Offset(0), 1_KiB));
  const auto added = log->keys->add({{"alias/1", key_of(1)}});
  ASSERT_TRUE(added);
  EXPECT_EQ(*added, 1u);
  log->log->keys_changed();
  EXPECT_EQ(locked(), 0);
  ASSERT_FALSE(put("b"));
  EXPECT_EQ(log->read_all(stream, 0), numbered({"a", "b"}, 3));
  reopen({}, 3);
  EXPECT_EQ(locked(), 1);
  glog::RemoveStreamWork remove;
  remove.stream = stream;
  ASSERT_FALSE(log->run(std::move(remove))->error);
  log->log->keys_changed();
  EXPECT_EQ(locked(), 0) << "nothing is left that needs the key";
}

TEST_F(EncryptionTest, ALaneWhoseKeyIsMissingIsLockedAndTheOthersOfItsUploadGoOn) {
  const auto other = log->create("other", 1);
  set_key(kFirst);
  reopen({});
  glog::UploadWork upload;
  for (const glog::StreamId id : {stream, other}) {
    glog::LaneWork lane;
    lane.key.stream = id;
    lane.first = 1;
    lane.count = 1;
    lane.map_version = 1;
    lane.parts.push_back(make_part(0, "x", 1));
    upload.lanes.push_back(std::move(lane));
  }
  glog::Work work = std::move(upload);
  const auto done = log->run(std::move(work));
  ASSERT_FALSE(done->error);
  const auto& lanes = std::get<glog::UploadWork>(done->work).lanes;
  EXPECT_EQ(lanes[0].result, glog::LaneResult::locked);
  EXPECT_EQ(lanes[1].result, glog::LaneResult::committed);
  EXPECT_EQ(log->read_all(other, 0), numbered({"x"}, 1));
  EXPECT_TRUE(log->read_all(stream, 0).empty());
}

TEST_F(EncryptionTest, AFormerKeyIsMissedUntilRetentionHasTakenWhatItEncrypted) {
  set_key(kFirst);
  set_key(kSecond);
  const auto& attributes = log->log->directory()->streams.at(stream)->attributes;
  const auto needed = [&](std::chrono::hours later) {
    return glog::needed_keys(attributes, 24, clock.wall_now() + later).size();
  };
  EXPECT_EQ(needed(std::chrono::hours(0)), 2u);
  EXPECT_EQ(needed(std::chrono::hours(25)), 2u);
  EXPECT_EQ(needed(std::chrono::hours(27)), 1u);
  reopen({2});
  bool logged = false;
  for (const std::string& line : log->lines.lines())
    logged = logged || line.find(glog::to_text(kFirst)) != std::string::npos;
  EXPECT_TRUE(logged);
  EXPECT_FALSE(put("goes-on"));
}

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

TEST_F(EncryptionTest, AnOlderGatewayRefusesWhatItCouldMisread) {
  const auto number_at = [](const Buffer& bytes, std::size_t at) {
    return ByteReader(ByteView(bytes).subspan(at, 4)).u32_le();
  };
  glog::RecordsHeader header;
  header.batches.emplace_back();
  Buffer plain;
  glog::encode(header, plain);
  header.batches[0].seal.key = kFirst;
  Buffer sealed;
  glog::encode(header, sealed);
  EXPECT_EQ(number_at(plain, 0), 1u);
  EXPECT_EQ(number_at(sealed, 0), 2u);
  EXPECT_EQ(sealed.size(), plain.size() + glog::Seal::kSize);
  EXPECT_EQ(glog::decode_records(sealed)->header.batches[0].seal, header.batches[0].seal);
  const auto catalog_format = [this] {
    auto database = open_database(disk, "/data/catalog.db");
    EXPECT_TRUE(database);
    const auto rows = (*database)->run("SELECT value FROM meta WHERE key = 'format'");
    return std::get<std::int64_t>((*rows)[0][0]);
  };
  ASSERT_FALSE(put("plain"));
  ASSERT_TRUE(log->log->keeper().checkpoint());
  log->drop();
  EXPECT_EQ(catalog_format(), 1);
  reopen({1});
  set_key(kFirst);
  ASSERT_TRUE(log->log->keeper().checkpoint());
  log->drop();
  EXPECT_EQ(catalog_format(), 2);
  reopen({1});
  set_key(glog::kNoKey);
  ASSERT_TRUE(log->log->keeper().checkpoint());
  log->drop();
  EXPECT_EQ(catalog_format(), 2);  // encrypted batches are still there
}

TEST(KeyRing, NamesAndIdsLeadToTheKey) {
  const auto ring = ring_of({1, 2});
  EXPECT_EQ(ring->named("alias/1"), kFirst);
  EXPECT_FALSE(ring->named("alias/3"));
  EXPECT_EQ(to_hex(ring->find(kSecond)->bytes()), to_hex(key_of(2).bytes()));
  EXPECT_EQ(ring->find(glog::id_of(key_of(3))), nullptr);
  EXPECT_EQ(glog::parse_key_id(glog::to_text(kFirst)), kFirst);
  for (const char* text : {"", "0000000", "00000000", "0000000G", "ABCDEF01", "123456789"})
    EXPECT_FALSE(glog::parse_key_id(text)) << text;
  const auto twice = KeyRing::make({{"alias/a", key_of(1)}, {"alias/a", key_of(2)}});
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().context.find("alias/a"), std::string::npos);
  EXPECT_TRUE(KeyRing::make({{"alias/a", key_of(1)}, {"alias/b", key_of(1)}}));
}

TEST(KeyRing, KeysAreAddedAndNeverTakenAwayWhileNamesFollow) {
  const auto ring = ring_of({1, 2});
  const CipherKey* first = ring->find(kFirst);
  // alias/1 is another key now, alias/2 is configured no more, one is new.
  const auto added = ring->add({{"alias/1", key_of(4)}, {"alias/new", key_of(5)}});
  ASSERT_TRUE(added);
  EXPECT_EQ(*added, 2u);
  EXPECT_EQ(ring->find(kFirst), first) << "what was handed out stays";
  EXPECT_EQ(to_hex(ring->find(kSecond)->bytes()), to_hex(key_of(2).bytes()));
  EXPECT_EQ(ring->named("alias/1"), glog::id_of(key_of(4)));
  EXPECT_FALSE(ring->named("alias/2"));
  EXPECT_NE(ring->summary().find("(" + glog::to_text(kSecond) + ")"), std::string::npos) << ring->summary();
  EXPECT_EQ(*ring->add({{"alias/1", key_of(4)}}), 0u);
  ASSERT_FALSE(ring->add({{"alias/6", key_of(6)}, {"alias/6", key_of(7)}}));
  EXPECT_EQ(ring->find(glog::id_of(key_of(6))), nullptr) << "all or nothing";
  EXPECT_EQ(ring->named("alias/1"), glog::id_of(key_of(4)));
}

TEST(StreamKeys, AnUnreadableKeyIsNeverTakenForNone) {
  glog::Attributes attributes;
  EXPECT_FALSE(glog::has_data_keys(attributes));
  EXPECT_EQ(glog::data_key_of(attributes), glog::kNoKey);
  attributes["data_key"] = "garbage";
  EXPECT_NE(glog::data_key_of(attributes), glog::kNoKey);
  EXPECT_TRUE(glog::has_data_keys(attributes));
}

}  // namespace
}  // namespace forebay::test
