#include "cli/time_expression.h"

#include <gtest/gtest.h>

namespace forebay::cli {
namespace {

const WallTime kNow = from_millis(1'763'722'000'000);  // 2025-11-21T10:46:40Z

std::int64_t millis(std::string_view text) {
  const auto point = parse_start_point(text, kNow);
  EXPECT_TRUE(point.ok()) << text;
  return point.ok() ? to_millis(point->time) : -1;
}

TEST(StartPoint, ReadsWordsAgesAndTimes) {
  EXPECT_EQ(parse_start_point("start", kNow)->kind, StartPoint::Kind::start);
  EXPECT_EQ(parse_start_point("latest", kNow)->kind, StartPoint::Kind::latest);
  EXPECT_EQ(millis("2h"), to_millis(kNow) - 7'200'000);
  EXPECT_EQ(millis("90s"), to_millis(kNow) - 90'000);
  EXPECT_EQ(millis("3d"), to_millis(kNow) - 259'200'000);
  EXPECT_EQ(millis("2025-11-21"), 1'763'683'200'000);
  EXPECT_EQ(millis("2025-11-21T10:46"), 1'763'721'960'000);
  EXPECT_EQ(millis("2025-11-21T10:46:05.250Z"), 1'763'721'965'250);
  EXPECT_EQ(millis("2025-11-21 10:46:05"), 1'763'721'965'000);
  EXPECT_EQ(millis("1763721965"), 1'763'721'965'000);
}

TEST(StartPoint, RefusesNonsenseAndTheFutureByName) {
  for (const char* text : {"", "h", "-2h", "2w", "2025-13-01", "2025-02-30", "2025-11-21T25:00", "2025-11-21T10",
                           "2025-11-21x", "2025-11-21T10:46:05.250Zjunk", "yesterday", "99999999999999999999"}) {
    const auto point = parse_start_point(text, kNow);
    ASSERT_FALSE(point.ok()) << text;
    EXPECT_EQ(point.error().code, Errc::invalid_argument);
    EXPECT_NE(point.error().context.find("--from"), std::string::npos);
  }
  EXPECT_NE(parse_start_point("2031-01-01", kNow).error().context.find("future"), std::string::npos);
}

TEST(FormatTime, PrintsMillisecondsAlsoBefore1970) {
  EXPECT_EQ(format_time(kNow + Milliseconds(7)), "2025-11-21T10:46:40.007Z");
  EXPECT_EQ(format_time(from_millis(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(FormatDuration, ChoosesUnits) {
  EXPECT_EQ(format_duration(Milliseconds(850)), "850 ms");
  EXPECT_EQ(format_duration(Milliseconds(185'000)), "3 min 5 s");
  EXPECT_EQ(format_duration(Milliseconds(7'800'000)), "2 h 10 min");
}

}  // namespace
}  // namespace forebay::cli
