// The borders of well-formed UTF-8.
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace forebay {
namespace {

TEST(Utf8, AcceptsTheBordersOfEveryLength) {
  for (const char* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "x\xc3\xa9y"})
    EXPECT_EQ(utf8_error_position(good), std::string_view::npos) << good;
}

TEST(Utf8, RefusesOverlongSurrogateTruncatedAndTooLarge) {
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2g", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
                          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
    EXPECT_EQ(utf8_error_position(bad), 0u) << bad;
  EXPECT_EQ(utf8_error_position("ab\xff"), 2u);
}

}  // namespace
}  // namespace forebay
