// Patterns against what Java's DateTimeFormatter (en-US) prints for the same moments.
#include "gateway/delivery/objects/time_pattern.h"

#include <gtest/gtest.h>

namespace forebay::gateway::delivery {
namespace {

constexpr std::int64_t kMoment = 1'767'323'045;   // Friday 2026-01-02 03:04:05
constexpr std::int64_t kEvening = 1'709'248'255;  // Thursday 2024-02-29 23:10:55

std::string print(std::string_view pattern, std::int64_t at) {
  auto parsed = TimePattern::parse(pattern);
  return parsed ? parsed->format(at) : parsed.error().to_string();
}

TEST(TimePattern, PrintsEveryLetter) {
  EXPECT_EQ(print("yyyy/MM/dd/HH/", kMoment), "2026/01/02/03/");
  EXPECT_EQ(print("y yy yyy yyyyy", kMoment), "2026 26 2026 02026");
  EXPECT_EQ(print("M MM MMM MMMM MMMMM", kMoment), "1 01 Jan January J");
  EXPECT_EQ(print("d dd D DD DDD", kMoment), "2 02 2 02 002");
  EXPECT_EQ(print("H HH h hh m mm s ss", kMoment), "3 03 3 03 4 04 5 05");
  EXPECT_EQ(print("E EE EEE EEEE EEEEE e ee eee", kMoment), "Fri Fri Fri Friday F 6 06 Fri");
  EXPECT_EQ(print("a SSS", kMoment), "AM 000");
  EXPECT_EQ(print("D H h a E e MMM", kEvening), "60 23 11 PM Thu 5 Feb");
}

TEST(TimePattern, MidnightAndNoonAreTwelve) {
  EXPECT_EQ(print("H h a", 1'767'312'000), "0 12 AM");
  EXPECT_EQ(print("H h a", 1'767'312'000 + 43'200), "12 12 PM");
}

TEST(TimePattern, QuotedTextIsLiteral) {
  EXPECT_EQ(print("'year='yyyy'/o''clock='''HH", kMoment), "year=2026/o'clock='03");
  EXPECT_EQ(print("''", kMoment), "'");
  EXPECT_EQ(print("yyyy-MM-dd_HH:mm", kMoment), "2026-01-02_03:04");
}

TEST(TimePattern, RefusalNamesThePlace) {
  EXPECT_EQ(print("yyyy/bb", 0),
            "invalid_argument: timestamp pattern \"yyyy/bb\": letter b is none of yMdDHhmsSaEe; put "
            "text in quotes at position 6");
  EXPECT_NE(print("HHH", 0).find("letter H is repeated more than 2 times at position 1"), std::string::npos);
  EXPECT_NE(print("yyyy'x", 0).find("a quote without its end at position 5"), std::string::npos);
  EXPECT_NE(print("yyyy[MM]", 0).find("'[' must stand in quotes at position 5"), std::string::npos);
  EXPECT_NE(print("YYYY", 0).find("letter Y"), std::string::npos);
}

}  // namespace
}  // namespace forebay::gateway::delivery
