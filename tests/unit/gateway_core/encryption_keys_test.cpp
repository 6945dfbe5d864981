// Keys of encryption at rest: what happens without the right one, and how they come, follow and go.
#include "base/hex.h"
#include "gateway/log/log_metrics.h"
#include "tests/unit/gateway_core/encryption_rig.h"

namespace forebay::test {
namespace {

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
