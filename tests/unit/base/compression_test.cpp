// Frames of every interesting size round trip; damaged, foreign, doubled and too large ones are refused by kind.
#include "base/compression.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.h"

namespace forebay {
namespace {

Buffer mixed(std::size_t size) {
  Buffer bytes(size);
  test::SeededEntropy(size).fill(bytes);
  for (std::size_t i = 0; i < size; ++i)
    if (i / 100 % 2 == 0) bytes[i] = static_cast<std::uint8_t>(i % 7);
  return bytes;
}

Buffer frame_of(ByteView bytes) {
  Buffer frame;
  lz4_frame_compress(bytes, frame);
  return frame;
}

TEST(Lz4Frame, RoundTripsAndAppends) {
  for (const std::size_t size : {0u, 1u, 100u, 65'535u, 65'536u, 65'537u, 1'000'000u}) {
    const Buffer bytes = mixed(size);
    Buffer frame{1, 2};
    lz4_frame_compress(bytes, frame);
    Buffer out{3};
    ASSERT_TRUE(lz4_frame_decompress(ByteView(frame).subspan(2), size, out).ok()) << size;
    ASSERT_EQ(out.size(), size + 1);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), out.begin() + 1));
  }
}

TEST(Lz4Frame, HeaderSaysIndependentBlocksOf64KiBWithoutChecksumsAndSize) {
  const Buffer frame = frame_of(mixed(1000));
  ASSERT_GT(frame.size(), 7u);
  EXPECT_EQ(Buffer(frame.begin(), frame.begin() + 6), (Buffer{0x04, 0x22, 0x4d, 0x18, 0x60, 0x40}));
}

TEST(Lz4Frame, OverTheLimitIsTooLargeAtEveryLimit) {
  const Buffer frame = frame_of(mixed(200'000));
  for (const std::size_t limit : {0u, 1u, 65'536u, 131'072u, 199'999u}) {
    Buffer out;
    const Result<void> result = lz4_frame_decompress(frame, limit, out);
    ASSERT_FALSE(result.ok()) << limit;
    EXPECT_EQ(result.error().code, Errc::too_large);
    EXPECT_LE(out.size(), limit);
  }
}

TEST(Lz4Frame, CutAnywhereIsCorruptAndTheContextStaysUsable) {
  const Buffer bytes = mixed(3000);
  const Buffer frame = frame_of(bytes);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    Buffer out;
    const Result<void> result = lz4_frame_decompress(ByteView(frame).first(size), 3000, out);
    ASSERT_FALSE(result.ok()) << size;
    ASSERT_EQ(result.error().code, Errc::corrupt);
  }
  Buffer out;
  ASSERT_TRUE(lz4_frame_decompress(frame, 3000, out).ok());
  EXPECT_EQ(out, bytes);
}

TEST(Lz4Frame, BrokenFrameThatPromisedItsSizeLeavesNothingBehind) {
  // Magic, descriptor with the content's size (1,000 bytes) and its check byte, then nothing.
  const Buffer promising{0x04, 0x22, 0x4d, 0x18, 0x68, 0x40, 0xe8, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf1};
  Buffer out;
  EXPECT_FALSE(lz4_frame_decompress(promising, 1 << 20, out).ok());
  const Buffer bytes = mixed(5000);
  out.clear();
  const auto done = lz4_frame_decompress(frame_of(bytes), 1 << 20, out);
  ASSERT_TRUE(done.ok()) << done.error().context;
  EXPECT_EQ(out, bytes);
}

TEST(Lz4Frame, TrailingBytesASecondFrameAndSkippableFramesAreRefused) {
  const Buffer frame = frame_of(mixed(100));
  Buffer out;
  Buffer longer = frame;
  longer.push_back(0);
  EXPECT_FALSE(lz4_frame_decompress(longer, 1000, out).ok());
  Buffer twice = frame;
  append(twice, frame);
  EXPECT_FALSE(lz4_frame_decompress(twice, 1000, out).ok());
  const Buffer skippable{0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2};
  EXPECT_FALSE(lz4_frame_decompress(skippable, 1000, out).ok());
}

TEST(Lz4Frame, FlippedBitsNeverPassTheLimit) {
  const Buffer frame = frame_of(mixed(5000));
  for (std::size_t bit = 0; bit < frame.size() * 8; bit += 3) {
    Buffer damaged = frame;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    Buffer out;
    (void)lz4_frame_decompress(damaged, 5000, out).ok();
    ASSERT_LE(out.size(), 5000u);
  }
}

}  // namespace
}  // namespace forebay
