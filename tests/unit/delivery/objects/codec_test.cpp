// Golden bytes of every compression. They were read back once with gzip, Python's zipfile, zstd, python-snappy (Hadoop
// framing) and a reader of the snappy-java stream; a library that makes other bytes would break retries of known names.
#include "gateway/delivery/objects/codec.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "gateway/delivery/objects/deflate.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kSmall = "hello hello hello hello\n";

std::string hex_of(Compression compression) {
  return to_hex(compress(compression, to_buffer(as_bytes(kSmall)), "entry-name"));
}

/// 600,000 bytes that look like JSON to a compressor.
Buffer large_input() {
  Buffer bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 600'000; ++i) {
    state = state * 1'664'525u + 1'013'904'223u;
    bytes.push_back(static_cast<std::uint8_t>("abcdefgh{}\":,0\n"[state >> 28 & 15]));
  }
  return bytes;
}

std::string digest_of(Compression compression) {
  return to_hex(sha256(compress(compression, large_input(), "entry-name")));
}

TEST(Codec, SmallGoldenBytes) {
  EXPECT_EQ(hex_of(Compression::none), to_hex(as_bytes(kSmall)));
  EXPECT_EQ(hex_of(Compression::gzip),
            "1f8b08000000000000ff011800e7ff68656c6c6f2068656c6c6f2068656c6c6f2068656c6c6f0a0088590b18000000");
  EXPECT_EQ(
      hex_of(Compression::zip),
      "504b0304140000000800000021000088590b1d000000180000000a000000656e7472792d6e616d65011800e7ff68656c6c6f2068656c6c6f"
      "2068656c6c6f2068656c6c6f0a504b01021400140000000800000021000088590b1d000000180000000a0000000000000000000000000000"
      "000000656e7472792d6e616d65504b0506000000000100010038000000450000000000");
  EXPECT_EQ(hex_of(Compression::snappy), "82534e415050590000000001000000010000000d181468656c6c6f20420600000a");
  EXPECT_EQ(hex_of(Compression::hadoop_snappy), "000000180000000d181468656c6c6f20420600000a");
  EXPECT_EQ(hex_of(Compression::zstd), "28b52ffd24186d00003868656c6c6f200a0100994b11a87c2ea8");
}

TEST(Codec, LargeGoldenDigests) {
  EXPECT_EQ(digest_of(Compression::none), "31d09a6ae322d2e6061b4c6ce2c7096342031c035752e306cb9e20684de2ff30");
  EXPECT_EQ(digest_of(Compression::gzip), "3c8a4a5b86ceff46aea7908e619b614382333f0d74151d5fea4eae9bbec0c23b");
  EXPECT_EQ(digest_of(Compression::zip), "c692b9d71c69331131debcea95040abb8309175a2acc08e1a7969f7040b4773e");
  EXPECT_EQ(digest_of(Compression::snappy), "53af0cad91fc716be3db3458b185c96ba48657e3ad831d52f8bdacc0fa6a45d0");
  EXPECT_EQ(digest_of(Compression::hadoop_snappy), "eea454bce70f8b6703e050bbdfd3f1b1c3b07ec6b554e3ff4430906cb7269345");
  EXPECT_EQ(digest_of(Compression::zstd), "667644a8e5089650f7d314b7df30e50b21f2c2b227f012d0d0f29916c279671c");
}

TEST(Codec, MarksAreThoseOfFirehose) {
  EXPECT_EQ(traits_of(Compression::gzip).extension, ".gz");
  EXPECT_EQ(traits_of(Compression::hadoop_snappy).extension, ".snappy");
  EXPECT_EQ(traits_of(Compression::snappy).content_encoding, "snappy-java");
  EXPECT_EQ(traits_of(Compression::none).content_encoding, "");
}

TEST(Gzip, OpensWhatItMadeAndSeveralMembers) {
  const Buffer large = large_input();
  EXPECT_EQ(*gzip_decompress(gzip_compress(large), large.size()), large);
  Buffer two = gzip_compress(as_bytes("a"));
  append(two, gzip_compress(as_bytes("b")));
  EXPECT_EQ(as_text(*gzip_decompress(two, 2)), "ab");
  EXPECT_EQ(gzip_decompress(two, 1).error().code, Errc::too_large);
}

TEST(Gzip, DamageIsFound) {
  Buffer good = gzip_compress(large_input());
  EXPECT_EQ(gzip_decompress(ByteView(good).first(good.size() - 1), 1 << 20).error().code, Errc::corrupt);
  EXPECT_EQ(gzip_decompress({}, 1 << 20).error().code, Errc::corrupt);
  Buffer behind = good;
  behind.push_back(0);
  EXPECT_EQ(gzip_decompress(behind, 1 << 20).error().code, Errc::corrupt);
  good[good.size() / 2] ^= 1;
  EXPECT_EQ(gzip_decompress(good, 1 << 20).error().code, Errc::corrupt);
}

}  // namespace
}  // namespace forebay::gateway::delivery
