// Damage that the parser must never see; and that the guard and the parser together survive mutated input.
#include "base/toml_guard.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/toml_reader.h"
#include "tests/support/seeded_entropy.h"

namespace forebay {
namespace {

std::string sentence(std::string_view text) {
  const auto problem = check_toml_text(text);
  return problem ? std::to_string(problem->line) + ":" + std::to_string(problem->column) + " " + problem->sentence : "";
}

TEST(TomlGuard, LetsOrdinaryTextThrough) {
  EXPECT_EQ(sentence("a = \"é\" # ü\nb = 'ö'\nc = \"\"\"\né\"\n\"\"\"\nd.e.f = [1, 2]\n"), "");
  EXPECT_EQ(sentence("a = \"\\\"\" # é\n"), "");
  EXPECT_EQ(sentence("a = \"\"\"x\"\"\"\"\" # é\n"), "");
  EXPECT_EQ(sentence("a = \"\" # é\n"), "");
}

TEST(TomlGuard, RefusesEachKindOfDamage) {
  EXPECT_NE(sentence(std::string(kTomlFileBytesMax + 1, '#')).find("larger than 256 KiB"), std::string::npos);
  EXPECT_NE(sentence("a = 1\n#" + std::string(kTomlLineBytesMax, 'x')).find("2:4097 line is longer"),
            std::string::npos);
  EXPECT_NE(sentence(std::string_view("a = \"\0\"", 7)).find("1:6 NUL"), std::string::npos);
  EXPECT_NE(sentence("a = \"x\xff\"").find("1:7 not UTF-8"), std::string::npos);
  EXPECT_NE(sentence("[\xc8\xb4").find("1:2 non-ASCII"), std::string::npos);
  EXPECT_NE(sentence("a = \"x\n\xc8\xb4 = 1").find("2:1 non-ASCII"), std::string::npos);
  EXPECT_NE(sentence("a = '\\' \xc8\xb4").find("1:9 non-ASCII"), std::string::npos);
  EXPECT_NE(sentence("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1").find("more than 16 dots"), std::string::npos);
  EXPECT_NE(sentence("a = " + std::string(100, '[')).find("nested too deep"), std::string::npos);
}

TEST(TomlReader, FormerlyCrashingTextsAreOrdinaryErrors) {
  for (const char* text : {"[,J;", "[\xc8\xb4", "a = [[[[", "[a]\n[a]\n", "a = {b = 1", "'\xff'\xff", "a.b = 1\na = 2",
                           "[[a]]\na=1\n[a]\nb=1"}) {
    const auto document = read_toml(text, "f");
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_TRUE(document.error().context.starts_with("f:")) << document.error().context;
  }
}

TEST(TomlReader, SurvivesMutatedText) {
  const std::string good =
      "device = \"é\"\n[a.b]\nc = [\"x\", 'y']\nd = 1979-05-27T07:32:00Z # e\n[[s]]\nt = \"\"\"m\nn\"\"\"\nu = 1.5\n";
  const std::uint64_t seed = 20260102;
  test::SeededEntropy entropy(seed);
  constexpr std::string_view kPieces = "[]{}\"'#=.,\n\\ab1\x80\xc8\xb4";
  int parsed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = good;
    for (std::uint64_t edits = entropy.next_u64() % 4 + 1; edits > 0; --edits) {
      const std::size_t at = entropy.next_u64() % text.size();
      const char piece = kPieces[entropy.next_u64() % kPieces.size()];
      if (entropy.next_u64() % 3 == 0)
        text.erase(at, 1);
      else if (entropy.next_u64() % 2 == 0)
        text[at] = piece;
      else
        text.insert(at, 1, piece);
    }
    parsed += read_toml(text, "f").ok() ? 1 : 0;
  }
  EXPECT_GT(parsed, 100) << "seed " << seed;
  EXPECT_LT(parsed, 19'000) << "seed " << seed;
}

}  // namespace
}  // namespace forebay
