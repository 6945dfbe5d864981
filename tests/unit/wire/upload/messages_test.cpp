// Upload messages survive the wire; every truncation, over-long count and wrong field is refused with the field's name.
#include "wire/upload/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/byte_writer.h"
#include "wire/upload/limits.h"

namespace forebay::wire::upload {
namespace {

using ::testing::HasSubstr;

Lineage lineage(std::uint8_t n) {
  Lineage l;
  l.root.fill(n);
  l.ordinal = n;
  l.nonce = 0x1122334455667788u + n;
  return l;
}

StreamMap map_of(const std::string& stream) {
  const HashKey middle{0x7fffffffffffffff, ~std::uint64_t{0}};
  return {stream, 7, 3, {{{}, middle}, {middle.next(), HashKey::max()}}, {4, 5}};
}

OpenRequest open_request() {
  return {"press-07",
          "0.1.0",
          2,
          {lineage(1), lineage(2)},
          {{0, "web", 7, 5, 10, 4}, {1, "web", 0, 1, 1, 0}, {1, "sensors", 9, 2, 1, 1}}};
}

OpenReply open_reply() {
  return {2,
          1'700'000'000'123,
          kRequestBytesMax,
          1 << 20,
          {{OpenState::ready, 7, 4, ""}, {OpenState::stale, 7, 0, "closed"}, {OpenState::missing_stream, 0, 0, "é"}},
          {map_of("web"), {"empty", 8, 1, {}, {}}}};
}

BatchesReply batches_reply() {
  return {2,
          1'700'000'000'123,
          {{LaneOutcome::committed, 9, ""}, {LaneOutcome::refused, 0, "record 3 is too large"}},
          {map_of("web")}};
}

BatchesRequest batches_request(const Buffer& part) {
  return {"press-07",
          2,
          {{lineage(1), "web", 7, 0, 1, 3, 0xdeadbeef, 3, {part, ByteView(part).first(5)}},
           {lineage(2), "sensors", 8, 10, 11, 1, 1, 1, {part}}}};
}

template <class Message>
Buffer encoded(const Message& message) {
  Buffer out;
  encode(message, out);
  return out;
}

template <class Decode>
void expect_every_cut_refused(const Buffer& bytes, Decode decode) {
  ASSERT_TRUE(decode(bytes).ok()) << decode(bytes).error().to_string();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(decode(ByteView(bytes).first(size)).ok()) << size;
  Buffer longer = bytes;
  longer.push_back(0);
  auto result = decode(longer);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().context, HasSubstr("1 bytes follow"));
}

// Whatever the bytes are, decoding ends with a message or an Error and reads nothing outside (run under ASan).
template <class Decode>
void expect_damage_is_survived(const Buffer& good, Decode decode, unsigned seed) {
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    Buffer bad = good;
    for (int i = 0; i < 3; ++i) bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
    if (!decode(bad).ok()) ++refused;
  }
  EXPECT_GT(refused, 0);
}

template <class Decode>
void expect_refused(const Buffer& bytes, Decode decode, Errc code, const char* reason) {
  auto result = decode(bytes);
  ASSERT_FALSE(result.ok()) << reason;
  EXPECT_EQ(result.error().code, code) << result.error().context;
  EXPECT_THAT(result.error().context, HasSubstr(reason));
}

TEST(UploadMessages, RoundTrip) {
  EXPECT_EQ(*decode_open_request(encoded(open_request())), open_request());
  EXPECT_EQ(*decode_open_reply(encoded(open_reply())), open_reply());
  EXPECT_EQ(*decode_batches_reply(encoded(batches_reply())), batches_reply());
  const CloseRequest close{"press-07", lineage(9).root, 41};
  EXPECT_EQ(*decode_close_request(encoded(close)), close);
  EXPECT_EQ(*decode_open_request(encoded(OpenRequest{"d", "", 0, {}, {}})), (OpenRequest{"d", "", 0, {}, {}}));
}

TEST(UploadMessages, BatchPartsPointIntoTheBody) {
  const Buffer part = {1, 2, 3, 4, 5, 6};
  const BatchesRequest request = batches_request(part);
  const Buffer body = encoded(request);
  auto decoded = decode_batches_request(body);
  ASSERT_TRUE(decoded.ok()) << decoded.error().to_string();
  ASSERT_EQ(decoded->batches.size(), 2u);
  EXPECT_EQ(decoded->device, "press-07");
  EXPECT_EQ(decoded->timeline, 2u);
  const UploadBatch& first = decoded->batches[0];
  EXPECT_EQ(first.lineage, lineage(1));
  EXPECT_EQ(first.stream, "web");
  EXPECT_EQ(first.incarnation, 7u);
  EXPECT_EQ(first.base, 0u);
  EXPECT_EQ(first.first, 1u);
  EXPECT_EQ(first.count, 3u);
  EXPECT_EQ(first.records_crc, 0xdeadbeefu);
  EXPECT_EQ(first.map_version, 3u);
  ASSERT_EQ(first.parts.size(), 2u);
  EXPECT_EQ(to_buffer(first.parts[0]), part);
  EXPECT_EQ(first.parts[1].size(), 5u);
  EXPECT_GE(first.parts[0].data(), body.data());
  EXPECT_LE(first.parts[0].data(), body.data() + body.size());
  EXPECT_EQ(decoded->batches[1].base, 10u);
}

TEST(UploadMessages, EncodedSizeIsExact) {
  const Buffer part = {1, 2, 3, 4, 5, 6};
  const BatchesRequest request = batches_request(part);
  std::size_t size = encoded_size_without_batches(request);
  for (const UploadBatch& batch : request.batches) size += encoded_size(batch);
  EXPECT_EQ(encoded(request).size(), size);
}

TEST(UploadMessages, EveryCutIsRefused) {
  expect_every_cut_refused(encoded(open_request()), decode_open_request);
  expect_every_cut_refused(encoded(open_reply()), decode_open_reply);
  expect_every_cut_refused(encoded(batches_request({1, 2, 3, 4, 5})), decode_batches_request);
  expect_every_cut_refused(encoded(batches_reply()), decode_batches_reply);
  expect_every_cut_refused(encoded(CloseRequest{"d", {}, 1}), decode_close_request);
}

TEST(UploadMessages, DamageIsSurvived) {
  expect_damage_is_survived(encoded(open_request()), decode_open_request, 1);
  expect_damage_is_survived(encoded(open_reply()), decode_open_reply, 2);
  expect_damage_is_survived(encoded(batches_request({1, 2, 3, 4, 5})), decode_batches_request, 3);
  expect_damage_is_survived(encoded(batches_reply()), decode_batches_reply, 4);
}

TEST(UploadMessages, OtherKindsAndNewerFormatsAreNamed) {
  Buffer bytes = encoded(open_request());
  expect_refused(bytes, decode_batches_request, Errc::corrupt, "this is no batches request");
  expect_refused(bytes, decode_open_reply, Errc::corrupt, "this is no open reply");
  bytes[4] = 2;
  expect_refused(bytes, decode_open_request, Errc::unsupported, "open request of format 2");
  expect_refused({}, decode_open_request, Errc::corrupt, "this is no open request");
}

TEST(UploadMessages, CountsAreBoundedBeforeMemoryIsTaken) {
  // A claimed count far over what follows.
  Buffer bytes;
  ByteWriter w(bytes);
  w.text("FBUb");
  w.u8(1);
  w.u16_le(1);
  w.text("d");
  w.u64_le(1);
  const std::size_t at = w.position();
  w.u32_le(0xffffffff);
  expect_refused(bytes, decode_batches_request, Errc::too_large, "batches are 4294967295, at most 256");
  w.patch_u32_le(at, 256);
  expect_refused(bytes, decode_batches_request, Errc::corrupt, "batches are cut off");
}

TEST(UploadMessages, LimitsHoldExactly) {
  OpenRequest request = open_request();
  request.device = std::string(kNameBytesMax, 'd');
  request.lineages.assign(kLineagesMax, lineage(1));
  request.lanes.assign(kLanesMax, {0, "s", 0, 1, 1, 0});
  EXPECT_EQ(*decode_open_request(encoded(request)), request);
  BatchesRequest batches{"d", 1, {}};
  const UploadBatch small{lineage(1), "s", 1, 0, 1, 1, 0, 1, std::vector<ByteView>(1)};
  batches.batches.assign(kBatchesMax, small);
  batches.batches.back().parts.assign(kPartsMax, ByteView());
  auto decoded = decode_batches_request(encoded(batches));
  ASSERT_TRUE(decoded.ok()) << decoded.error().to_string();
  EXPECT_EQ(decoded->batches.back().parts.size(), kPartsMax);
  for (std::size_t i = 0; i < 4; ++i) batches.batches[i].parts.assign(kPartsMax, ByteView());
  expect_refused(encoded(batches), decode_batches_request, Errc::too_large, "parts of a batch are 1, at most 0");
}

TEST(UploadMessages, WrongFieldsAreNamed) {
  const Buffer part = {1, 2, 3, 4, 5};
  auto with = [&](auto change) {
    BatchesRequest request = batches_request(part);
    change(request.batches[0]);
    return encoded(request);
  };
  expect_refused(with([](UploadBatch& b) { b.count = 0; }), decode_batches_request, Errc::corrupt, "sequence range");
  expect_refused(with([](UploadBatch& b) { b.base = b.first; }), decode_batches_request, Errc::corrupt,
                 "sequence range");
  expect_refused(with([](UploadBatch& b) { b.first = b.count = ~0ull; }), decode_batches_request, Errc::corrupt,
                 "sequence range");
  expect_refused(with([](UploadBatch& b) { b.stream = ""; }), decode_batches_request, Errc::corrupt,
                 "stream name is empty");
  expect_refused(with([](UploadBatch& b) { b.parts.clear(); }), decode_batches_request, Errc::corrupt, "no parts");
  OpenRequest open = open_request();
  open.lanes[1].lineage = 2;
  expect_refused(encoded(open), decode_open_request, Errc::corrupt, "none of the lineages");
  OpenReply reply = open_reply();
  reply.maps[0].ranges[1].end = HashKey{5, 5};
  expect_refused(encoded(reply), decode_open_reply, Errc::corrupt, "ranges of stream web do not tile");
  Buffer bytes = encoded(batches_reply());
  bytes[5 + 8 + 8 + 4] = 10;
  expect_refused(bytes, decode_batches_reply, Errc::corrupt, "lane outcome 10 is unknown");
}

TEST(UploadMessages, LongReplyTextIsCutBetweenCharacters) {
  BatchesReply reply;
  reply.lanes = {{LaneOutcome::refused, 0, std::string(kMessageBytesMax - 1, 'x') + "é"}};
  auto decoded = decode_batches_reply(encoded(reply));
  ASSERT_TRUE(decoded.ok()) << decoded.error().to_string();
  EXPECT_EQ(decoded->lanes[0].message, std::string(kMessageBytesMax - 1, 'x'));
}

}  // namespace
}  // namespace forebay::wire::upload
