// Frames of an event stream: golden bytes of the reference (kinesis, section 10), and every kind of damage.
#include "wire/kinesis/event_stream.h"

#include <gtest/gtest.h>

#include <random>

#include "base/hex.h"
#include "tests/unit/wire/kinesis/cbor_bytes.h"
#include "wire/kinesis/crc32.h"

namespace forebay::wire::kinesis {
namespace {

using test::from_hex;

constexpr const char* kInitialResponse =
    "0000007200000060ab820d9e0d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070010696e697469616c2d"
    "726573706f6e73650d3a636f6e74656e742d7479706507001a6170706c69636174696f6e2f782d616d7a2d6a736f6e2d312e317b7de16e66e"
    "4";
constexpr const char* kEvent =
    "000000bb000000653fed73bb0d3a6d6573736167652d747970650700056576656e740b3a6576656e742d747970650700155375627363726962"
    "6"
    "5546f53686172644576656e740d3a636f6e74656e742d7479706507001a6170706c69636174696f6e2f782d616d7a2d6a736f6e2d312e317b2"
    "2436f6e74696e756174696f6e53657175656e63654e756d626572223a2231222c224d696c6c6973426568696e644c6174657374223a302c225"
    "265636f726473223a5b5d7df64da2ea";
constexpr const char* kException =
    "0000008d0000006e865ee7150d3a6d6573736167652d74797065070009657863657074696f6e0f3a657863657074696f6e2d74797065070016"
    "5265736f75726365496e557365457863657074696f6e0d3a636f6e74656e742d7479706507001a6170706c69636174696f6e2f782d616d7a2d"
    "6a736f6e2d312e317b226d657373616765223a2278227dd6edc97a";
constexpr std::string_view kEventPayload = R"({"ContinuationSequenceNumber":"1","MillisBehindLatest":0,"Records":[]})";

std::string hex_of(std::string_view bytes) { return to_hex(as_bytes(bytes)); }
std::string bytes_of(const char* hex) { return std::string(as_text(from_hex(hex))); }

std::string event_frame(std::string_view payload) {
  std::string out;
  EventFrame frame = begin_event(out, "SubscribeToShardEvent");
  out += payload;
  frame.finish();
  return out;
}

/// A frame with the given bytes for headers and correct checksums.
std::string frame_with_headers(const Buffer& headers) {
  std::string out;
  EventFrame frame(out);
  out += as_text(headers);
  frame.begin_payload();
  frame.finish();
  return out;
}

TEST(Crc32, GivesZlibsResults) {
  EXPECT_EQ(crc32({}), 0u);
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xcbf43926u);
  const std::string text = "The quick brown fox jumps over the lazy dog";
  EXPECT_EQ(crc32(as_bytes(text)), 0x414fa339u);
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32(as_bytes(text.substr(cut)), crc32(as_bytes(text.substr(0, cut)))), 0x414fa339u);
}

TEST(EventStream, WritesTheGoldenFrames) {
  std::string out = "before";
  append_initial_response(out);
  EXPECT_EQ(hex_of(out), hex_of("before") + kInitialResponse);
  EXPECT_EQ(hex_of(event_frame(kEventPayload)), kEvent);
  out.clear();
  append_exception({ErrorType::resource_in_use, "x"}, out);
  EXPECT_EQ(hex_of(out), kException);
}

TEST(EventStream, ReadsTheGoldenFrames) {
  const std::string stream = bytes_of(kInitialResponse) + bytes_of(kEvent) + bytes_of(kException);
  std::string_view rest = stream;
  auto next = [&] {
    auto message = read_event_frame(rest);
    EXPECT_TRUE(message.ok() && message.value());
    rest.remove_prefix((*message)->frame_bytes);
    return **message;
  };
  const EventMessage first = next();
  EXPECT_EQ(first.header(":message-type"), "event");
  EXPECT_EQ(first.header(":event-type"), "initial-response");
  EXPECT_EQ(first.header(":content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(first.payload, "{}");
  const EventMessage event = next();
  EXPECT_EQ(event.header(":event-type"), "SubscribeToShardEvent");
  EXPECT_EQ(event.payload, kEventPayload);
  const EventMessage exception = next();
  EXPECT_EQ(exception.header(":message-type"), "exception");
  EXPECT_EQ(exception.header(":exception-type"), "ResourceInUseException");
  EXPECT_EQ(exception.header(":event-type"), std::nullopt);
  EXPECT_EQ(exception.payload, R"({"message":"x"})");
  EXPECT_TRUE(rest.empty());
}

TEST(EventStream, FaultsAndErrorsCarryTheirTexts) {
  std::string out;
  append_exception({ErrorType::internal_failure, "a \"b\""}, out);
  auto message = read_event_frame(out);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ((*message)->header(":exception-type"), "InternalFailureException");
  EXPECT_EQ((*message)->payload, R"({"message":"a \"b\""})");
  for (std::size_t size : {std::size_t{0}, std::size_t{65535}, std::size_t{65536}, std::size_t{100'000}}) {
    out.clear();
    append_error("InternalFailure", std::string(size, 'e'), out);
    message = read_event_frame(out);
    ASSERT_TRUE(message.ok());
    EXPECT_EQ((*message)->header(":message-type"), "error");
    EXPECT_EQ((*message)->header(":error-code"), "InternalFailure");
    EXPECT_EQ((*message)->header(":error-message")->size(), std::min(size, std::size_t{65535}));
    EXPECT_TRUE((*message)->payload.empty());
  }
}

TEST(EventStream, ReadsEveryTypeOfHeader) {
  const std::string frame = frame_with_headers(
      from_hex("0161 00 0162 01 0163 02 ff 0164 03 0102 0165 04 01020304 0166 05 0102030405060708 0167 06 0002 6869"
               "0168 07 0000 0169 08 0000018bcfe5687b 016a 09 000102030405060708090a0b0c0d0e0f"));
  const auto message = read_event_frame(frame);
  ASSERT_TRUE(message.ok());
  const auto& headers = (*message)->headers;
  ASSERT_EQ(headers.size(), 10u);
  const std::size_t sizes[] = {0, 0, 1, 2, 4, 8, 2, 0, 8, 16};
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(headers[i].type), i);
    EXPECT_EQ(headers[i].value.size(), sizes[i]);
  }
  EXPECT_EQ((*message)->header("h"), "");
  EXPECT_EQ((*message)->header("g"), std::nullopt) << "bytes are no string";
}

TEST(EventStream, CutFramesWaitForMore) {
  const std::string frame = bytes_of(kEvent);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const std::string part = frame.substr(0, size);
    const auto message = read_event_frame(part);
    ASSERT_TRUE(message.ok()) << size;
    EXPECT_FALSE(message.value()) << size;
  }
}

TEST(EventStream, EveryFlippedBitIsFound) {
  const std::string frame = bytes_of(kException);
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    std::string bad = frame;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const auto message = read_event_frame(bad);
    ASSERT_FALSE(message.ok()) << bit;
    EXPECT_EQ(message.error().code, Errc::corrupt);
  }
}

TEST(EventStream, LengthsAndHeadersThatCannotBeAreRefused) {
  auto error_of = [](std::string_view frame) {
    const auto message = read_event_frame(frame);
    EXPECT_FALSE(message.ok());
    return message.ok() ? Errc::io : message.error().code;
  };
  auto prelude = [](const char* lengths) {
    std::string out = bytes_of(lengths);
    const std::uint32_t crc = crc32(as_bytes(out));
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(crc >> shift);
    return out;
  };
  EXPECT_EQ(error_of(prelude("0000000f 00000000")), Errc::corrupt);
  EXPECT_EQ(error_of(prelude("00000010 00000001")), Errc::corrupt);
  EXPECT_EQ(error_of(prelude("00000000 ffffffff")), Errc::corrupt);
  EXPECT_EQ(error_of(prelude("ffffffff 00000000")), Errc::too_large);
  EXPECT_EQ(error_of(prelude("00100000 00020001")), Errc::too_large);
  EXPECT_TRUE(read_event_frame(prelude("01800010 00000000")).ok()) << "the largest payload";
  EXPECT_EQ(error_of(prelude("01800011 00000000")), Errc::too_large);
  for (const char* headers :
       {"00 07 0000", "0161 0a", "0161 07", "0161 07 0001", "0161 05 00", "0261 00", "0161 00 0161 01", "01"}) {
    SCOPED_TRACE(headers);
    EXPECT_EQ(error_of(frame_with_headers(from_hex(headers))), Errc::corrupt);
  }
}

// Damage behind correct checksums: reading ends without reading outside (run under ASan).
TEST(EventStream, RandomHeadersAreSurvived) {
  constexpr unsigned kSeed = 5;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    Buffer headers(random() % 24);
    for (std::uint8_t& byte : headers) byte = static_cast<std::uint8_t>(random() % 12);
    if (read_event_frame(frame_with_headers(headers)).ok()) ++accepted;
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace forebay::wire::kinesis
