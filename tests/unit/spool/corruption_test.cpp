#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "spool/journal_names.h"
#include "tests/unit/spool/journal_fixture.h"

// Reliability T4 on a small journal: every bit flipped, every truncation, sectors swapped, doubled and spliced. Wrong
// data is never returned, what was not hit stays readable, the journal opens and goes on.

namespace forebay::spool {

using Texts = std::vector<std::string>;

namespace {

/// Seven commits of one entry in the smallest alignment, and the bytes of their file.
struct SmallJournal {
  JournalFixture fixture;
  Texts texts;
  Buffer bytes;
  std::string path = "j/" + journal_file_name(1);

  explicit SmallJournal(std::uint64_t seed = 1) : fixture(seed) {
    fixture.options.alignment = 512;
    fixture.options.file_bytes = 20_KiB;
    fixture.options.commit_bytes_max = 4_KiB;
    auto opened = fixture.open();
    for (int i = 0; i < 7; ++i) {
      texts.push_back(std::to_string(seed) + "-" + std::to_string(i) + std::string(i == 3 ? 700 : 60, 'x'));
      EXPECT_TRUE(fixture.put(*opened.journal, {texts.back()}));
    }
    opened.journal.reset();
    bytes = fixture.disk.content(path);
  }

  /// Opens with these bytes in place of the file; a second file with one more commit when `followed`.
  OpenedJournal open_with(const Buffer& damaged) {
    test::MemoryFileSystem disk;
    disk.set_content("j/identity", fixture.disk.content("j/identity"));
    disk.set_content(path, damaged);
    auto opened = fixture.open(disk);
    opened.journal.reset();
    return opened;
  }
};

/// True when `got` is `expected` with some left out.
bool is_subsequence(const Texts& got, const Texts& expected) {
  auto at = expected.begin();
  for (const std::string& text : got) {
    at = std::find(at, expected.end(), text);
    if (at == expected.end()) return false;
    ++at;
  }
  return true;
}

}  // namespace

TEST(Corruption, AnySingleBitCostsAtMostTheCommitItIsIn) {
  SmallJournal small;
  const std::size_t end = 4096 + 512 * 9;
  for (std::size_t bit = 0; bit < end * 8; bit += bit / 8 < 600 || bit / 8 >= 4096 ? 1 : 97) {
    Buffer damaged = small.bytes;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto opened = small.open_with(damaged);
    ASSERT_EQ(opened.error, Error{}) << bit << opened.error.to_string();
    ASSERT_TRUE(is_subsequence(opened.entries, small.texts)) << bit;
    ASSERT_GE(opened.entries.size(), small.texts.size() - 1) << bit;
  }
}

TEST(Corruption, TruncationAtAnyByteKeepsEveryWholeCommitBeforeIt) {
  SmallJournal small;
  std::size_t last = 0;
  for (std::size_t size = 0; size <= small.bytes.size(); size += size < 4096 ? 13 : 1) {
    const auto opened = small.open_with(Buffer(small.bytes.begin(), small.bytes.begin() + static_cast<long>(size)));
    ASSERT_EQ(opened.error, Error{}) << size;
    ASSERT_TRUE(std::equal(opened.entries.begin(), opened.entries.end(), small.texts.begin())) << size;
    ASSERT_GE(opened.entries.size(), last) << size;
    ASSERT_EQ(opened.report.corrupt_holes, 0U) << size;
    last = opened.entries.size();
  }
  EXPECT_EQ(last, small.texts.size());
}

TEST(Corruption, SwappedAndDoubledSectorsNeverGiveWrongData) {
  SmallJournal small;
  const std::size_t sectors = small.bytes.size() / 512;
  for (std::size_t a = 0; a < sectors; ++a) {
    for (std::size_t b = a + 1; b < sectors; ++b) {
      for (const bool swap : {true, false}) {
        Buffer damaged = small.bytes;
        std::copy_n(small.bytes.begin() + static_cast<long>(a * 512), 512,
                    damaged.begin() + static_cast<long>(b * 512));
        if (swap) {
          std::copy_n(small.bytes.begin() + static_cast<long>(b * 512), 512,
                      damaged.begin() + static_cast<long>(a * 512));
        }
        const auto opened = small.open_with(damaged);
        ASSERT_EQ(opened.error, Error{}) << a << " " << b;
        ASSERT_TRUE(is_subsequence(opened.entries, small.texts)) << a << " " << b;
        ASSERT_GE(opened.entries.size() + 2, small.texts.size()) << a << " " << b;
      }
    }
  }
}

TEST(Corruption, AFileOfAnotherDeviceIsIgnoredAndNamed) {
  SmallJournal small(1);
  SmallJournal other(2);
  const auto opened = small.open_with(other.bytes);
  EXPECT_TRUE(opened.entries.empty());
  EXPECT_EQ(opened.report.corrupt_holes, 1U);
  ASSERT_FALSE(opened.report.details.empty());
  EXPECT_NE(opened.report.details[0].find("another journal"), std::string::npos);
  // Single commits of it are not taken either.
  Buffer mixed = small.bytes;
  std::copy_n(other.bytes.begin() + 4096, 512, mixed.begin() + 4096);
  const auto spliced = small.open_with(mixed);
  EXPECT_EQ(spliced.entries, Texts(small.texts.begin() + 1, small.texts.end()));
}

TEST(Corruption, UnreadableSectorsAreDamageLikeAnyOther) {
  SmallJournal small;
  small.fixture.disk.set_unreadable(small.path, 4096 + 512, 4096 + 1024);
  auto opened = small.fixture.open();
  ASSERT_TRUE(opened.journal) << opened.error.to_string();
  // Reading falls back to pieces of 4096 bytes, so neighbours in the same piece are lost with it.
  EXPECT_TRUE(is_subsequence(opened.entries, small.texts));
  EXPECT_TRUE(small.fixture.put(*opened.journal, {"on"}));
}

TEST(Corruption, RandomNoiseNeverStopsIt) {
  SmallJournal small;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937_64 random(seed);
    Buffer damaged = small.bytes;
    const std::size_t hits = 1 + random() % 8;
    for (std::size_t i = 0; i < hits; ++i) {
      const std::size_t from = random() % damaged.size();
      const std::size_t size = std::min<std::size_t>(1 + random() % 1500, damaged.size() - from);
      const unsigned kind = random() % 3;
      for (std::size_t k = from; k < from + size; ++k) {
        damaged[k] = kind == 0 ? 0 : kind == 1 ? 0xff : static_cast<std::uint8_t>(random());
      }
    }
    const auto opened = small.open_with(damaged);
    ASSERT_EQ(opened.error, Error{}) << "seed " << seed;
    ASSERT_TRUE(is_subsequence(opened.entries, small.texts)) << "seed " << seed;
  }
}

}  // namespace forebay::spool
