// Shipped code is finished: no notes to come back to, and headers are guarded the same way everywhere.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tidy/source_tree.h"

namespace forebay::test {
namespace {

constexpr const char* kUnfinished[] = {"TODO", "FIXME", "XXX", "HACK", "not implemented", "hard-coded"};

TEST(Words, NothingIsLeftToComeBackTo) {
  for (const SourceFile& file : shipped_sources())
    for (const char* word : kUnfinished)
      if (const std::size_t at = file.text.find(word); at != std::string::npos)
        ADD_FAILURE() << place_of(file, at) << ": \"" << word << "\"";
}

TEST(Words, HeadersBeginWithPragmaOnceAndFilesStaySmall) {
  for (const SourceFile& file : shipped_sources()) {
    EXPECT_TRUE(!file.path.ends_with(".h") || file.text.starts_with("#pragma once\n")) << file.path;
    EXPECT_LE(std::count(file.text.begin(), file.text.end(), '\n'), 500) << file.path;
  }
}

TEST(Blanking, KeepsLinesAndCodeAndDropsTheRest) {
  EXPECT_EQ(blank_comments_and_literals("a(\"x//y\"); // c\nb('\"', 1'000);"), "a(\"    \");     \nb(' ', 1'000);");
  EXPECT_EQ(blank_comments_and_literals("/* a\n*/b"), "    \n  b");
  EXPECT_EQ(blank_comments_and_literals("R\"x(\"a)x\" + \"b\\\"\""), "R\"      \" + \"   \"");
}

TEST(Glob, StarFitsAnything) {
  EXPECT_TRUE(fits_glob("a/b/c.cpp", "a/*"));
  EXPECT_TRUE(fits_glob("a/mqtt_x.cpp", "a/mqtt_*.cpp"));
  EXPECT_FALSE(fits_glob("a/mqtt_x.h", "a/mqtt_*.cpp"));
  EXPECT_FALSE(fits_glob("ab", "a"));
}

}  // namespace
}  // namespace forebay::test
