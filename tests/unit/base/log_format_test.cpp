// One call is one line whatever the values hold; repeats are counted, never lost.
#include "base/log_format.h"

#include <gtest/gtest.h>

namespace forebay {
namespace {

std::string line_of(const LogField& field) {
  return format_log_line(LogLevel::warning, "uploader", "upload refused", {&field, 1});
}

TEST(LogLine, PlainFormAndTypes) {
  const LogField fields[] = {
      {"stream", "web"}, {"status", 400}, {"bytes", std::uint64_t{1} << 40}, {"again", true}, {"rate", 0.5}};
  EXPECT_EQ(format_log_line(LogLevel::warning, "uploader", "upload refused", fields),
            "warning uploader upload refused stream=web status=400 bytes=1099511627776 again=true rate=0.5");
  EXPECT_EQ(format_log_line(LogLevel::error, "a", "b", {}), "error a b");
}

TEST(LogLine, QuotesAndEscapesValues) {
  EXPECT_EQ(line_of({"a", ""}), "warning uploader upload refused a=\"\"");
  EXPECT_EQ(line_of({"a", "b c"}), "warning uploader upload refused a=\"b c\"");
  EXPECT_EQ(line_of({"a", "x\ny\"z\\\x01=\t"}), "warning uploader upload refused a=\"x\\ny\\\"z\\\\\\x01=\\t\"");
  EXPECT_EQ(line_of({"a", "\xc3\xa9\xff"}), "warning uploader upload refused a=\"\xc3\xa9\\xff\"");
  EXPECT_EQ(line_of({"a", std::string(2000, 'x')}).size(),
            kLogValueBytesMax + 5 + std::string("warning uploader upload refused a=").size());
}

SteadyTime at(int seconds) { return SteadyTime(std::chrono::seconds(seconds)); }

TEST(LogFolder, LetsTheFirstLinesThroughAndCountsTheRest) {
  LogFolder folder;
  int written = 0;
  for (int i = 0; i < 50; ++i) written += folder.admit(LogLevel::info, "a", "s", at(0)) ? 1 : 0;
  EXPECT_EQ(written, LogFolder::kLines);
  EXPECT_TRUE(folder.admit(LogLevel::info, "b", "s", at(1)));
  EXPECT_TRUE(folder.take_folded(at(9)).empty());
  const auto folded = folder.take_folded(at(10));
  ASSERT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded[0].component, "a");
  EXPECT_EQ(folded[0].count, 40u);
  EXPECT_TRUE(folder.take_folded(at(20)).empty());
  EXPECT_TRUE(folder.admit(LogLevel::info, "a", "s", at(20)));
}

TEST(LogFolder, RemembersABoundedNumberOfSentencesAndLosesNoCount) {
  LogFolder folder;
  for (int i = 0; i < LogFolder::kLines + 3; ++i) (void)folder.admit(LogLevel::info, "a", "first", at(0));
  for (std::size_t i = 0; i < LogFolder::kSentencesMax; ++i)
    EXPECT_TRUE(folder.admit(LogLevel::info, "a", std::to_string(i), at(1)));
  const auto folded = folder.take_all();
  ASSERT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded[0].count, 3u);
}

}  // namespace
}  // namespace forebay
