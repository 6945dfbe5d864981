#include "agent/transform/line_splitter.h"

#include <gtest/gtest.h>

#include <random>

namespace forebay::agent {
namespace {

using Lines = std::vector<std::string>;

struct Collect {
  Lines lines;
  auto sink() {
    return [this](ByteView line) { lines.emplace_back(as_text(line)); };
  }
};

TEST(LineSplitter, GivesCompleteLinesAndLeavesTheRest) {
  LineSplitter splitter({});
  Collect got;
  EXPECT_EQ(splitter.split(as_bytes("one\n\ntwo\nthr"), got.sink()), 9u);
  EXPECT_EQ(got.lines, (Lines{"one", "", "two"}));
}

TEST(LineSplitter, DropsCarriageReturnsOnlyWhenAskedAndOnlyBeforeTheNewline) {
  Collect kept, dropped;
  LineSplitter({}).split(as_bytes("a\r\n"), kept.sink());
  LineSplitter splitter({.strip_cr = true});
  splitter.split(as_bytes("a\r\nb\r\r\n\r\nc\rd\n"), dropped.sink());
  splitter.feed(as_bytes("end\r"), dropped.sink());
  splitter.finish(dropped.sink());
  EXPECT_EQ(kept.lines, (Lines{"a\r"}));
  EXPECT_EQ(dropped.lines, (Lines{"a", "b\r", "", "c\rd", "end\r"}));
}

TEST(LineSplitter, CutsALongLineWithAMarkThatCountsWhatIsMissing) {
  LineSplitter splitter({.line_bytes_max = 64});
  Collect got;
  splitter.split(as_bytes(std::string(64, 'x') + "\n" + std::string(1000, 'y') + "\nz\n"), got.sink());
  EXPECT_EQ(got.lines, (Lines{std::string(64, 'x'), std::string(39, 'y') + "...[truncated 961 bytes]", "z"}));
}

TEST(LineSplitter, NeverCutsInsideACharacter) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\xE2\x82\xAC";  // three bytes each
  for (std::size_t limit = kLineBytesMinimum; limit < kLineBytesMinimum + 6; ++limit) {
    LineSplitter splitter({.line_bytes_max = limit});
    Collect got;
    splitter.split(as_bytes(text + "\n"), got.sink());
    ASSERT_EQ(got.lines.size(), 1u);
    EXPECT_LE(got.lines[0].size(), limit);
    const std::size_t head = got.lines[0].find("...[truncated ");
    EXPECT_EQ(head % 3, 0u);
    EXPECT_EQ(got.lines[0].substr(head), "...[truncated " + std::to_string(300 - head) + " bytes]");
  }
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheInputIsCut) {
  std::mt19937_64 random(7);
  std::string text;
  for (int i = 0; i < 2000; ++i)
    text += std::string(random() % 150, static_cast<char>('a' + i % 26)) + (i % 3 == 0 ? "\r\n" : "\n");
  text += "last";
  const LineOptions options{.line_bytes_max = 100, .strip_cr = true};
  Collect whole;
  LineSplitter one(options);
  one.feed(as_bytes(text), whole.sink());
  one.finish(whole.sink());
  for (int round = 0; round < 20; ++round) {
    Collect pieces;
    LineSplitter splitter(options);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % (round < 5 ? 3 : 400), text.size() - at);
      splitter.feed(as_bytes(std::string_view(text).substr(at, size)), pieces.sink());
      at += size;
    }
    splitter.finish(pieces.sink());
    ASSERT_EQ(pieces.lines, whole.lines) << "round " << round;
  }
}

TEST(LineSplitter, KeepsNoMoreThanTheLimitOfAnEndlessLine) {
  LineSplitter splitter({.line_bytes_max = 64});
  Collect got;
  const std::string piece(1 << 16, 'x');
  for (int i = 0; i < 100; ++i) splitter.feed(as_bytes(piece), got.sink());
  splitter.finish(got.sink());
  ASSERT_EQ(got.lines.size(), 1u);
  EXPECT_EQ(got.lines[0], std::string(36, 'x') + "...[truncated 6553564 bytes]");
  EXPECT_FALSE(splitter.has_unfinished());
}

}  // namespace
}  // namespace forebay::agent
