// The instruction path against the table for every length and alignment that changes its loops; published vectors.
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.h"

namespace forebay {
namespace {

TEST(Crc32c, PublishedVectors) {
  EXPECT_EQ(crc32c({}), 0u);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283u);
  EXPECT_EQ(crc32c_table(as_bytes("123456789")), 0xe3069283u);
  EXPECT_EQ(crc32c(Buffer(32, 0x00)), 0x8a9136aau);  // RFC 3720 B.4
  EXPECT_EQ(crc32c(Buffer(32, 0xff)), 0x62a8ab43u);
}

TEST(Crc32c, EqualsTheTableForEveryShortLengthAndAlignment) {
  Buffer bytes(2048 + 8);
  test::SeededEntropy(1).fill(bytes);
  for (std::size_t start = 0; start < 8; ++start)
    for (std::size_t size = 0; size <= 2048; ++size) {
      const ByteView view = ByteView(bytes).subspan(start, size);
      ASSERT_EQ(crc32c(view), crc32c_table(view)) << "start " << start << " size " << size;
    }
}

TEST(Crc32c, EqualsTheTableAroundTheInterleavedLengths) {
  Buffer bytes(100'000);
  test::SeededEntropy(2).fill(bytes);
  for (const std::size_t base : {12'288u, 24'576u, 36'864u, 98'304u})
    for (std::size_t size = base - 20; size <= base + 20; ++size) {
      const ByteView view = ByteView(bytes).subspan(3, size);
      ASSERT_EQ(crc32c(view, 77), crc32c_table(view, 77)) << "size " << size;
    }
}

TEST(Crc32c, ContinuesAnEarlierResult) {
  Buffer bytes(50'000);
  test::SeededEntropy(3).fill(bytes);
  const std::uint32_t whole = crc32c(bytes);
  for (const std::size_t cut : {0u, 1u, 777u, 25'000u, 49'999u, 50'000u})
    EXPECT_EQ(crc32c(ByteView(bytes).subspan(cut), crc32c(ByteView(bytes).first(cut))), whole);
}

}  // namespace
}  // namespace forebay
