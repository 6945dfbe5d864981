#include "sys/environment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace forebay::test {
namespace {

// A value may hold '=' and be empty; both are what a program is given by `NAME=a=b` and `NAME=`.
TEST(Environment, NamesEndAtTheFirstEqualsSign) {
  ASSERT_EQ(::setenv("FOREBAY_TEST_PAIR", "a=b", 1), 0);
  ASSERT_EQ(::setenv("FOREBAY_TEST_EMPTY", "", 1), 0);
  const auto all = whole_environment();
  EXPECT_EQ(std::count(all.begin(), all.end(), std::pair<std::string, std::string>("FOREBAY_TEST_PAIR", "a=b")), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), std::pair<std::string, std::string>("FOREBAY_TEST_EMPTY", "")), 1);
  ::unsetenv("FOREBAY_TEST_PAIR");
  ::unsetenv("FOREBAY_TEST_EMPTY");
}

}  // namespace
}  // namespace forebay::test
