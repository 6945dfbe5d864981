#include "cli/text.h"

#include <gtest/gtest.h>

#include "cli/progress.h"
#include "cli/table.h"
#include "fakes.h"

namespace forebay::cli {
namespace {

TEST(Utf8, AcceptsWellFormedAndRefusesDamagedSequences) {
  EXPECT_TRUE(is_utf8("plain"));
  EXPECT_TRUE(is_utf8("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"})
    EXPECT_FALSE(is_utf8(bad));
}

TEST(Printable, KeepsTextAndDisarmsTerminalControl) {
  EXPECT_EQ(printable("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(printable("a\x1b[31mb\n\t\x7f"), "a\\x1b[31mb\\n\\t\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "U+009B starts a control sequence on some terminals";
  EXPECT_EQ(printable("\xff"), "\\xff");
}

TEST(Numbers, GetCommasAndUnits) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1'234'567), "1,234,567");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(67'108'864), "64.0 MiB");
}

TEST(Table, AlignsNumbersRightAndTextLeft) {
  Table table({"NAME", "SHARDS"});
  table.add({"web", "12"});
  table.add({"sensors", "1,000"});
  EXPECT_EQ(table.text(), "NAME     SHARDS\nweb          12\nsensors   1,000\n");
}

TEST(Progress, StaysSilentForTwoSecondsAndOffTerminals) {
  testing::FakeConsole console;
  testing::FakeClock clock;
  console.terminal = true;
  Progress progress(console, clock, "records");
  progress.update(10, 100);
  EXPECT_EQ(console.errors, "");
  clock.steady += std::chrono::seconds(4);
  progress.update(50, 100);
  EXPECT_NE(console.errors.find("50% 50 of 100, 12/s"), std::string::npos) << console.errors;
  progress.finish();
  EXPECT_TRUE(console.errors.ends_with("\r\x1b[K"));

  testing::FakeConsole file;
  Progress quiet(file, clock, "records");
  clock.steady += std::chrono::seconds(4);
  quiet.update(50, 100);
  quiet.finish();
  EXPECT_EQ(file.errors, "");
}

}  // namespace
}  // namespace forebay::cli
