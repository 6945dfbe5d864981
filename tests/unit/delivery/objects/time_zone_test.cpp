// Zones of the tz database at the edges of summer time, inside their lists of changes and behind them, where the rule
// in the file's last line counts; and broken files.
#include "gateway/delivery/objects/time_zone.h"

#include <gtest/gtest.h>

#include <chrono>

#include "gateway/delivery/objects/zone_database.h"
#include "tests/support/temp_directory.h"

namespace forebay::gateway::delivery {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::int64_t utc(year_month_day day, seconds clock) { return (sys_days(day) + clock).time_since_epoch() / 1s; }

TimeZone zone(std::string_view name) {
  auto loaded = load_time_zone(name);
  EXPECT_TRUE(loaded) << loaded.error().to_string();
  return *loaded;
}

TEST(TimeZone, BerlinChangesAtOneInTheMorningUtc) {
  const TimeZone berlin = zone("Europe/Berlin");
  for (const auto& [spring, autumn] :
       {std::pair{2026y / March / 29, 2026y / October / 25}, std::pair{2061y / March / 27, 2061y / October / 30}}) {
    EXPECT_EQ(berlin.offset_at(utc(spring, 1h - 1s)), 3600);
    EXPECT_EQ(berlin.offset_at(utc(spring, 1h)), 7200);
    EXPECT_EQ(berlin.offset_at(utc(autumn, 1h - 1s)), 7200);
    EXPECT_EQ(berlin.offset_at(utc(autumn, 1h)), 3600);
  }
}

TEST(TimeZone, NewYorkChangesAtTwoOnItsOwnClock) {
  const TimeZone york = zone("America/New_York");
  for (const auto& [spring, autumn] :
       {std::pair{2026y / March / 8, 2026y / November / 1}, std::pair{2061y / March / 13, 2061y / November / 6}}) {
    EXPECT_EQ(york.offset_at(utc(spring, 7h - 1s)), -5 * 3600);
    EXPECT_EQ(york.offset_at(utc(spring, 7h)), -4 * 3600);
    EXPECT_EQ(york.offset_at(utc(autumn, 6h - 1s)), -4 * 3600);
    EXPECT_EQ(york.offset_at(utc(autumn, 6h)), -5 * 3600);
  }
}

TEST(TimeZone, SummerMaySpanTheNewYear) {
  const TimeZone sydney = zone("Australia/Sydney");
  for (const year y : {2026y, 2062y}) {
    EXPECT_EQ(sydney.offset_at(utc(y / January / 1, 0h)), 11 * 3600);
    EXPECT_EQ(sydney.offset_at(utc(y / July / 1, 0h)), 10 * 3600);
  }
}

TEST(TimeZone, ZonesWithoutSummerAndWithOddOffsets) {
  EXPECT_EQ(zone("Asia/Kathmandu").offset_at(utc(2026y / June / 1, 0h)), 5 * 3600 + 45 * 60);
  EXPECT_EQ(zone("Etc/GMT+5").offset_at(0), -5 * 3600);
  EXPECT_EQ(zone("UTC").offset_at(utc(2026y / June / 1, 0h)), 0);
  EXPECT_EQ(zone("Europe/Berlin").local_seconds(from_millis(-1)), 3599);
}

TEST(TimeZone, UnknownNamesAreRefused) {
  for (const char* name :
       {"Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "Europe/", "Europe/Ber lin", "Europe"}) {
    auto loaded = load_time_zone(name);
    ASSERT_FALSE(loaded) << name;
    EXPECT_EQ(loaded.error().code, Errc::invalid_argument) << name;
    EXPECT_NE(loaded.error().context.find(name), std::string::npos);
  }
}

TEST(TimeZone, MissingDatabaseNamesItsPackage) {
  test::TempDirectory folder;
  auto loaded = load_time_zone("Europe/Berlin", folder.path());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::unsupported);
  EXPECT_NE(loaded.error().context.find("tzdata"), std::string::npos);
}

/// A file of version 2 with one type (+01:00), and one change at 1000 to a second type (+02:00).
Buffer small_file(std::string_view footer) {
  Buffer file;
  const auto header = [&](std::uint8_t changes, std::uint8_t types) {
    append(file, as_bytes("TZif2"));
    file.resize(file.size() + 15);
    for (const std::uint8_t count :
         {std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}, changes, types, std::uint8_t{4}})
      append(file, Buffer{0, 0, 0, count});
  };
  header(0, 1);
  append(file, Buffer{0, 0, 0, 0, 0, 0, 'X', 'X', 'X', 0});
  header(1, 2);
  append(file, Buffer{0, 0, 0, 0, 0, 0, 0x03, 0xe8, 1});
  append(file, Buffer{0, 0, 0x0e, 0x10, 0, 0, 0, 0, 0x1c, 0x20, 1, 0, 'X', 'X', 'X', 0});
  append(file, as_bytes(footer));
  return file;
}

TEST(TimeZone, SmallFileIsRead) {
  auto parsed = TimeZone::parse(small_file("\n\n"), "small");
  ASSERT_TRUE(parsed) << parsed.error().to_string();
  EXPECT_EQ(parsed->offset_at(999), 3600);
  EXPECT_EQ(parsed->offset_at(1000), 7200);
}

TEST(TimeZone, BrokenFilesAreRefused) {
  const Buffer good = small_file("\n<+03>-3\n");
  ASSERT_TRUE(TimeZone::parse(good, "small"));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(TimeZone::parse(ByteView(good).first(size), "small")) << size;
  EXPECT_FALSE(TimeZone::parse(small_file("\nnonsense!\n"), "small"));
  Buffer bad_type = good;
  bad_type[44 + 10 + 44 + 8] = 2;
  EXPECT_FALSE(TimeZone::parse(bad_type, "small"));
  Buffer huge_count = good;
  huge_count[44 + 10 + 32] = 0xff;
  EXPECT_FALSE(TimeZone::parse(huge_count, "small"));
}

TEST(ZoneRule, ReadsEveryFormOfChange) {
  const auto offset = [](const char* rule, year_month_day day, seconds clock) {
    const auto parsed = ZoneRule::parse(rule);
    return parsed ? parsed->offset_at(utc(day, clock)) : -1;
  };
  EXPECT_EQ(offset("CET-1CEST,J60/0,J300/0", 2024y / February / 29, 22h + 59min), 3600);  // day 60 without 29 February
  EXPECT_EQ(offset("CET-1CEST,J60/0,J300/0", 2024y / February / 29, 23h), 7200);
  EXPECT_EQ(offset("CET-1CEST,59/0,300/0", 2024y / February / 28, 23h), 7200);
  EXPECT_EQ(offset("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", 2026y / March / 29, 1h - 1s), -3 * 3600);
  EXPECT_EQ(offset("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", 2026y / March / 29, 1h), -2 * 3600);
  EXPECT_EQ(offset("AAA3:30:15", 2026y / March / 29, 0h), -(3 * 3600 + 30 * 60 + 15));
  for (const char* bad :
       {"", "C-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M1.1.0",
        "CET-168", "<CET-1", "CET-1CEST,J0,J5", "CET-1CEST,M3.5.0,M10.5.0x"})
    EXPECT_FALSE(ZoneRule::parse(bad)) << bad;
}

}  // namespace
}  // namespace forebay::gateway::delivery
