// The fast check agrees with the one in base/ wherever the bytes that matter stand.
#include "wire/kinesis/utf8_check.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/utf8.h"

namespace forebay::wire::kinesis {
namespace {

TEST(Utf8Check, AgreesWithTheCarefulOneAtEveryPlace) {
  for (const std::string& piece :
       {std::string(), std::string("é"), std::string("€"), std::string("😀"), std::string("\xff"), std::string("\xc3"),
        std::string("\xed\xa0\x80"), std::string("\xc0\x80"), std::string("\xf4\x90\x80\x80"), std::string(1, '\0')})
    for (std::size_t before = 0; before < 20; ++before)
      for (std::size_t after = 0; after < 20; ++after) {
        const std::string text = std::string(before, 'a') + piece + std::string(after, 'b');
        EXPECT_EQ(is_utf8(text), utf8_error_position(text) == std::string_view::npos) << text;
      }
}

TEST(Utf8Check, AgreesOnRandomBytes) {
  constexpr unsigned kSeed = 3;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  const std::string pieces[] = {"abcdefgh", "x", "é", "€", "😀", "\x80"};
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t i = random() % 8; i > 0; --i) text += pieces[random() % 6 == 0 ? 5 : random() % 5];
    const bool expected = utf8_error_position(text) == std::string_view::npos;
    ASSERT_EQ(is_utf8(text), expected);
    good += expected ? 1 : 0;
  }
  EXPECT_GT(good, 5'000);
  EXPECT_LT(good, 19'000);
}

}  // namespace
}  // namespace forebay::wire::kinesis
