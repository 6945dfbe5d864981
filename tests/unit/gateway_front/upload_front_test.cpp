// The upload front over real sockets and real streams: outcomes of docs/formats/upload.md, routing of parts, access.
#include <gtest/gtest.h>

#include "tests/unit/gateway_front/gateway_rig.h"
#include "wire/kafka/record_batch.h"
#include "wire/upload/messages.h"

namespace forebay::gateway::test {
namespace {
namespace up = wire::upload;

constexpr const char* kHeaders = "Content-Type: application/x-forebay-upload\r\n";

struct Agent {
  explicit Agent(GatewayRig& rig) : rig(rig) {
    lineage.root[0] = 9;
    lineage.ordinal = 1;
    lineage.nonce = 4711;
  }

  template <class Message>
  RawResponse send(std::string_view path, const Message& message) {
    Buffer body;
    up::encode(message, body);
    return rig.client().exchange(
        signed_post(path, kHeaders, as_text(body), key, secret, "forebay", rig.clock.wall_now()));
  }
  up::OpenReply open(std::uint64_t last = 10) {
    up::OpenRequest request;
    request.device = "press-07";
    request.agent_version = "test";
    request.lineages.push_back(lineage);
    up::OpenLane lane;
    lane.stream = "s";
    lane.last = last;
    request.lanes.push_back(lane);
    const RawResponse response = send("/upload/v1/open", request);
    EXPECT_EQ(response.status, 200) << response.body;
    auto reply = up::decode_open_reply(as_bytes(response.body));
    EXPECT_TRUE(reply.ok());
    return *reply;
  }
  up::UploadBatch batch(std::uint64_t first, std::uint64_t count, const std::vector<Buffer>& parts) {
    up::UploadBatch batch;
    batch.lineage = lineage;
    batch.stream = "s";
    batch.incarnation = incarnation;
    batch.first = first;
    batch.count = count;
    batch.records_crc = 1234 + static_cast<std::uint32_t>(first);
    for (const Buffer& part : parts) batch.parts.emplace_back(part);
    return batch;
  }
  up::LaneReply put(const up::UploadBatch& batch) {
    up::BatchesRequest request;
    request.device = "press-07";
    request.timeline = timeline;
    request.batches.push_back(batch);
    const RawResponse response = send("/upload/v1/batches", request);
    EXPECT_EQ(response.status, 200) << response.body;
    auto reply = up::decode_batches_reply(as_bytes(response.body));
    EXPECT_TRUE(reply.ok());
    return reply->lanes.at(0);
  }

  GatewayRig& rig;
  Lineage lineage;
  std::string key = "DEVICEKEY";
  std::string secret = "devicesecret";
  std::uint64_t incarnation = 0;
  std::uint64_t timeline = 0;
};

Buffer part_of(const std::vector<std::string>& keys, wire::kafka::Codec codec = wire::kafka::Codec::lz4) {
  wire::kafka::RecordBatchBuilder builder;
  for (const std::string& key : keys) builder.add(key, as_bytes("value of " + key), 1'767'323'045'000);
  Buffer part;
  builder.finish(codec, part);
  return part;
}

class UploadFrontTest : public testing::Test {
 protected:
  void create_stream(int shards) {
    const std::string body = R"({"StreamName":"s","ShardCount":)" + std::to_string(shards) + "}";
    const std::string headers =
        "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.CreateStream\r\n";
    ASSERT_EQ(rig.client()
                  .exchange(signed_post("/", headers, body, "ADMINKEY", "adminsecret", "kinesis", rig.clock.wall_now()))
                  .status,
              200);
    const up::OpenReply reply = agent.open();
    ASSERT_EQ(reply.lanes.at(0).state, up::OpenState::ready);
    agent.incarnation = reply.lanes[0].incarnation;
    agent.timeline = reply.timeline;
    map = reply.maps.at(0);
  }
  std::int64_t records_in(std::size_t shard) {
    return rig.streams->find("000000000000", "s")->shards.at(shard)->end_offset().value();
  }

  GatewayRig rig{{.auth_off = false}};
  Agent agent{rig};
  up::StreamMap map;
};

TEST_F(UploadFrontTest, CommitsOnceAndRecognisesResends) {
  create_stream(1);
  const std::vector<Buffer> parts{part_of({"a", "b", "c"})};
  EXPECT_EQ(agent.put(agent.batch(1, 3, parts)).outcome, up::LaneOutcome::committed);
  const up::LaneReply again = agent.put(agent.batch(1, 3, parts));
  EXPECT_EQ(again.outcome, up::LaneOutcome::duplicate);
  EXPECT_EQ(again.last, 3u);
  EXPECT_EQ(agent.put(agent.batch(9, 3, parts)).outcome, up::LaneOutcome::gap);
  up::UploadBatch other = agent.batch(1, 3, parts);
  other.records_crc += 1;
  EXPECT_EQ(agent.put(other).outcome, up::LaneOutcome::forked);
  EXPECT_EQ(records_in(0), 3);
  EXPECT_EQ(agent.open().lanes.at(0).last, 3u);
}

TEST_F(UploadFrontTest, PartsGoToTheShardsOfTheirKeysWhateverTheAgentThought) {
  create_stream(2);
  // a is in shard 0, p and device-001 in shard 1 (golden hash keys of kinesis 10).
  const std::vector<Buffer> mixed{part_of({"a", "p", "a", "device-001"})};
  EXPECT_EQ(agent.put(agent.batch(1, 4, mixed)).outcome, up::LaneOutcome::committed);
  EXPECT_EQ(records_in(0), 2);
  EXPECT_EQ(records_in(1), 2);
  const std::vector<Buffer> twice{part_of({"a"}), part_of({"a", "a"}, wire::kafka::Codec::none), part_of({"p"})};
  EXPECT_EQ(agent.put(agent.batch(5, 4, twice)).outcome, up::LaneOutcome::committed);
  EXPECT_EQ(records_in(0), 5);
  EXPECT_EQ(records_in(1), 3);
  EXPECT_EQ(map.ranges.size(), 2u);
}

TEST_F(UploadFrontTest, BadPartsAreRefusedWithAReason) {
  create_stream(1);
  std::vector<Buffer> damaged{part_of({"a", "b"})};
  damaged[0][damaged[0].size() - 1] ^= 1;
  up::LaneReply reply = agent.put(agent.batch(1, 2, damaged));
  EXPECT_EQ(reply.outcome, up::LaneOutcome::refused);
  EXPECT_NE(reply.message, "");
  const std::vector<Buffer> good{part_of({"a", "b"})};
  EXPECT_EQ(agent.put(agent.batch(1, 3, good)).outcome, up::LaneOutcome::refused);
  const std::vector<Buffer> no_key{part_of({""})};
  for (int put = 0; put < 8; ++put)  // each on a connection of its own: whichever loop takes it, one saw keys before
    EXPECT_EQ(agent.put(agent.batch(1, 1, no_key)).outcome, up::LaneOutcome::refused);
  const std::vector<Buffer> long_key{part_of({std::string(257, 'k')})};
  EXPECT_EQ(agent.put(agent.batch(1, 1, long_key)).outcome, up::LaneOutcome::refused);
  const std::vector<Buffer> no_text{part_of({"\xff\xfe"})};
  EXPECT_EQ(agent.put(agent.batch(1, 1, no_text)).outcome, up::LaneOutcome::refused);
  EXPECT_EQ(records_in(0), 0);
}

TEST_F(UploadFrontTest, PartsThatUnpackToMoreThanReadersTakeAreRefused) {
  create_stream(1);
  wire::kafka::RecordBatchBuilder builder;
  const Buffer zeros(1'000'000);
  for (int i = 0; i < 10; ++i) builder.add("a", zeros, 1'767'323'045'000);
  Buffer part;
  builder.finish(wire::kafka::Codec::lz4, part);
  const std::vector<Buffer> one{part};
  EXPECT_EQ(agent.put(agent.batch(1, 10, one)).outcome, up::LaneOutcome::committed);
  // They would be one batch of 20 MB for the one shard.
  const std::vector<Buffer> two{part, part};
  const up::LaneReply reply = agent.put(agent.batch(11, 20, two));
  EXPECT_EQ(reply.outcome, up::LaneOutcome::refused);
  EXPECT_NE(reply.message.find("16 MiB"), std::string::npos) << reply.message;
  EXPECT_EQ(records_in(0), 10);
}

TEST_F(UploadFrontTest, OtherTimelineIncarnationOrStreamIsAnsweredForTheLane) {
  create_stream(1);
  const std::vector<Buffer> parts{part_of({"a"})};
  up::UploadBatch batch = agent.batch(1, 1, parts);
  batch.incarnation += 1;
  EXPECT_EQ(agent.put(batch).outcome, up::LaneOutcome::reopen);
  batch = agent.batch(1, 1, parts);
  batch.stream = "none";
  EXPECT_EQ(agent.put(batch).outcome, up::LaneOutcome::missing_stream);
  agent.timeline += 1;
  EXPECT_EQ(agent.put(agent.batch(1, 1, parts)).outcome, up::LaneOutcome::reopen);
  EXPECT_EQ(records_in(0), 0);
}

TEST_F(UploadFrontTest, ClosedLineageIsStale) {
  create_stream(1);
  const std::vector<Buffer> parts{part_of({"a"})};
  EXPECT_EQ(agent.put(agent.batch(1, 1, parts)).outcome, up::LaneOutcome::committed);
  up::CloseRequest close;
  close.device = "press-07";
  close.root = agent.lineage.root;
  close.through = 1;
  EXPECT_EQ(agent.send("/upload/v1/close", close).status, 200);
  EXPECT_EQ(agent.send("/upload/v1/close", close).status, 200);
  EXPECT_EQ(agent.open().lanes.at(0).state, up::OpenState::stale);
  EXPECT_EQ(agent.open().lanes.at(0).last, 1u) << "the ordinal";
  const auto refused = agent.put(agent.batch(2, 1, parts));
  EXPECT_EQ(refused.outcome, up::LaneOutcome::stale);
  EXPECT_EQ(refused.last, 1u);
}

TEST_F(UploadFrontTest, MissingStreamIsSaidInOpen) {
  EXPECT_EQ(agent.open().lanes.at(0).state, up::OpenState::missing_stream);
}

TEST_F(UploadFrontTest, DevicePatternSignatureAndFormAreChecked) {
  up::OpenRequest request;
  request.device = "lathe-01";
  EXPECT_EQ(agent.send("/upload/v1/open", request).status, 403);
  agent.secret = "wrongsecret";
  request.device = "press-01";
  EXPECT_EQ(agent.send("/upload/v1/open", request).status, 400);
  agent.secret = "devicesecret";
  EXPECT_EQ(agent.send("/upload/v1/open", request).status, 200);
  EXPECT_EQ(agent.send("/upload/v2/open", request).status, 404);
  const WallTime now = rig.clock.wall_now();
  EXPECT_EQ(
      rig.client()
          .exchange(signed_post("/upload/v1/open", kHeaders, "rubbish", "DEVICEKEY", "devicesecret", "forebay", now))
          .status,
      400);
  EXPECT_EQ(rig.client()
                .exchange(signed_post("/upload/v1/open", "Content-Type: a/b\r\n", "x", "DEVICEKEY", "devicesecret",
                                      "forebay", now))
                .status,
            415);
  EXPECT_EQ(rig.client().exchange("GET /upload/v1/open HTTP/1.1\r\nHost: x\r\n\r\n").status, 405);
}

}  // namespace
}  // namespace forebay::gateway::test
