#include <gtest/gtest.h>

#include "tests/unit/spool/spool_fixture.h"

// A chunk too large for one commit is written in pieces, and the source's position goes on the last. A source that is
// started again after a stop in between hands the whole chunk over again: every record must still be there once.

namespace forebay::spool {

using test::CrashPlan;
using test::MemoryFileSystem;
using Texts = std::vector<std::string>;

namespace {

Texts lines(int from, int count) {
  Texts all;
  for (int i = 0; i < count; ++i) all.push_back(std::to_string(from + i) + ":" + std::string(6'000, 'x'));
  return all;
}

/// Opens what is left, lets the source begin again at its durable position, and compares what is sent.
void check_image(SpoolFixture& fixture, MemoryFileSystem& image, const Texts& before, const Texts& chunk,
                 const std::string& where) {
  for (const bool opened_before : {false, true}) {
    if (opened_before) {
      EXPECT_TRUE(fixture.open(image)) << where << ": a start without work in between";
    }
    auto spool = fixture.open(image);
    ASSERT_TRUE(spool) << where << fixture.error.to_string();
    const auto positions = spool->source_positions();
    const auto at = positions.find("f");
    const std::string position = at == positions.end() ? "" : std::string(as_text(at->second));
    Texts expected = before;
    expected.insert(expected.end(), chunk.begin(), chunk.end());
    if (!opened_before) {
      if (position == "1") expected.resize(before.size());
      EXPECT_EQ(Delivered(fixture.drain(*spool)).records, expected) << where << ": before the source begins";
      continue;
    }
    if (position == "1") {
      ASSERT_TRUE(fixture.put(*spool, "web", chunk, "f", "2")) << where;
    }
    const Delivered delivered(fixture.drain(*spool));
    EXPECT_EQ(delivered.records, expected) << where;
    EXPECT_EQ(delivered.declared, 0U) << where;
    EXPECT_EQ(as_text(spool->source_positions().at("f")), "2") << where;
  }
}

}  // namespace

TEST(OversizedChunk, IsThereOnceAfterAPowerCutAtAnyPlaceOfItsAppend) {
  const Texts before = lines(0, 2);
  const Texts chunk = lines(100, 30);  // 180 KB in files of 128 KiB and pieces of 32 KiB
  int images = 0;
  SpoolFixture fixture;
  auto spool = fixture.open();
  ASSERT_TRUE(fixture.put(*spool, "web", before, "f", "1"));
  fixture.disk.on_operation([&](const test::FileCallInfo& call) {
    if (!test::changes_disk(call.call)) return;
    for (const auto sectors : {CrashPlan::Sectors::none, CrashPlan::Sectors::all}) {
      auto image = fixture.disk.crash({sectors, CrashPlan::Names::all});
      SpoolFixture other(images + 2U);
      check_image(other, *image, before, chunk, "call " + std::to_string(call.number));
      ++images;
    }
  });
  ASSERT_TRUE(fixture.put(*spool, "web", chunk, "f", "2"));
  fixture.disk.on_operation({});
  EXPECT_GT(images, 20);
  auto image = fixture.disk.crash({});
  SpoolFixture other(99);
  check_image(other, *image, before, chunk, "after the append");
}

TEST(OversizedChunk, RefusedPiecesAreCountedOnceAfterAPowerCut) {
  const Texts chunk = lines(100, 60);
  SpoolFixture fixture;
  fixture.options.when_full = WhenFull::drop_newest;
  auto spool = fixture.open();
  Texts before;
  for (int i = 0; i < 66; ++i) {
    before.push_back(lines(1'000 + i, 1).front());
    ASSERT_TRUE(fixture.put(*spool, "web", {before.back()}, "f", "1"));
  }
  ASSERT_EQ(spool->usage().dropped_records, 0U);
  std::vector<std::unique_ptr<MemoryFileSystem>> images;
  fixture.disk.on_operation([&](const test::FileCallInfo& call) {
    if (call.call == test::FileCall::sync)
      images.push_back(fixture.disk.crash({CrashPlan::Sectors::all, CrashPlan::Names::all}));
  });
  ASSERT_TRUE(fixture.put(*spool, "web", chunk, "f", "2"));
  fixture.disk.on_operation({});
  EXPECT_GT(spool->usage().dropped_records, 0U);
  ASSERT_GT(images.size(), 1U);
  for (auto& image : images) {
    SpoolFixture other(7);
    other.options.when_full = WhenFull::drop_newest;
    auto again = other.open(*image);
    ASSERT_TRUE(again);
    if (as_text(again->source_positions().at("f")) == "1") {
      ASSERT_TRUE(other.put(*again, "web", chunk, "f", "2"));
    }
    Texts all = other.drain(*again, {}, true);
    ASSERT_TRUE(other.put(*again, "web", {"last"}));
    for (const std::string& text : other.drain(*again, {}, true)) all.push_back(text);
    const Delivered delivered(all);
    EXPECT_EQ(delivered.records.size() + delivered.declared, before.size() + chunk.size() + 1);
  }
}

}  // namespace forebay::spool
