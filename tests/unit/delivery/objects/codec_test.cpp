// Golden bytes of every compression. They were read back once with gzip, Python's zipfile, zstd, python-snappy (Hadoop
// framing) and a reader of the snappy-java stream; a library that makes other bytes would break retries of known names.
#include "gateway/delivery/objects/codec.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/hex.h"
#include "gateway/delivery/objects/deflate.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::string_view kSmall = "hello hello hello hello\n";

std::string hex_of(Compression compression) {
  return to_hex(compress(compression, to_buffer(as_bytes(kSmall)), "entry-name"));
}

/// 10,000 lines of JSON, some 400,000 bytes.
Buffer large_input() {
  Buffer bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 10'000; ++i) {
    state = state * 1'664'525u + 1'013'904'223u;
    append(bytes, as_bytes("{\"device\":\"d" + std::to_string(state >> 26) + "\",\"n\":" + std::to_string(i) +
                           ",\"value\":" + std::to_string(state >> 8 & 0xffff) + "}\n"));
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
  EXPECT_EQ(digest_of(Compression::none), "c1907bacfc9643ee7bc6ce74943b48f4658716cceceafeb09f87bc207329cd59");
  EXPECT_EQ(digest_of(Compression::gzip), "c20b901275220552fd58297289ee9b42e99c99539968adc438678062148815a1");
  EXPECT_EQ(digest_of(Compression::zip), "7d789764abe7fa55efef88eaf20c24171a682dde96a4fd845c5422d0b66c199a");
  EXPECT_EQ(digest_of(Compression::snappy), "2d1466c70ba215ad18918c04d5620233186b75f5f09619dedbff99f7338c6f9d");
  EXPECT_EQ(digest_of(Compression::hadoop_snappy), "c3bef83ae2f5f41a954db9188c03f3aa4f78f671dac6e64dc136c92bba8c65a0");
  EXPECT_EQ(digest_of(Compression::zstd), "9901b7d60d30e6c796bc6a01bf496afdf43511a4d3951267b8ce4ab85830d576");
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
