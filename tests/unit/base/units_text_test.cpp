// Sizes and durations as people write them, and back.
#include "base/units_text.h"

#include <gtest/gtest.h>

#include "base/closest_name.h"

namespace forebay {
namespace {

TEST(UnitsText, ParsesSizes) {
  EXPECT_EQ(parse_size("0"), 0u);
  EXPECT_EQ(parse_size("4096"), 4096u);
  EXPECT_EQ(parse_size("1 GiB"), 1u << 30);
  EXPECT_EQ(parse_size("64MiB"), 64u << 20);
  EXPECT_EQ(parse_size("10 MB"), 10'000'000u);
  for (const char* bad :
       {"", "GiB", "1 gib", "1.5 GiB", "-1", "1  B", "1 B ", "9999999 TiB", "99999999999999999999", " 1"})
    EXPECT_FALSE(parse_size(bad).has_value()) << bad;
}

TEST(UnitsText, ParsesDurations) {
  EXPECT_EQ(parse_duration("250 ms"), Milliseconds(250));
  EXPECT_EQ(parse_duration("5s"), Milliseconds(5000));
  EXPECT_EQ(parse_duration("2 min"), Milliseconds(120'000));
  EXPECT_EQ(parse_duration("7 d"), Milliseconds(604'800'000));
  EXPECT_EQ(parse_duration("0"), Milliseconds(0));
  for (const char* bad : {"", "5", "5 m", "5 sec", "-5 s", "99999999999999999 d"})
    EXPECT_FALSE(parse_duration(bad).has_value()) << bad;
}

TEST(UnitsText, FormatsWithTheLargestUnitThatFits) {
  EXPECT_EQ(format_size(0), "0 B");
  EXPECT_EQ(format_size(1500), "1500 B");
  EXPECT_EQ(format_size(1ULL << 31), "2 GiB");
  EXPECT_EQ(format_duration(Milliseconds(0)), "0 ms");
  EXPECT_EQ(format_duration(Milliseconds(90'000)), "90 s");
  EXPECT_EQ(format_duration(Milliseconds(3'600'000)), "1 h");
}

TEST(ClosestName, FindsSlipsAndNothingFarAway) {
  const std::string_view names[] = {"max_size", "path", "when_full"};
  EXPECT_EQ(closest_name("max_sise", names), "max_size");
  EXPECT_EQ(closest_name("amx_size", names), "max_size");
  EXPECT_EQ(closest_name("ptah", names), "path");
  EXPECT_EQ(closest_name("interval", names), "");
  EXPECT_EQ(closest_name(std::string(1000, 'x'), names), "");
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abcd", "acbd"), 1u);
}

}  // namespace
}  // namespace forebay
