// Reads every #include of the shipped folders against layers.txt, and shows that the check can fail.
#include <gtest/gtest.h>

#include "tests/tidy/layer_rules.h"

namespace forebay::test {
namespace {

TEST(Layers, EveryIncludeIsAllowed) {
  const LayerRules rules(rule_lines("layers.txt"));
  EXPECT_TRUE(rules.unknown_names().empty()) << rules.unknown_names()[0];
  for (const SourceFile& file : shipped_sources())
    for (const std::string& violation : rules.violations(file)) ADD_FAILURE() << violation;
}

TEST(Layers, TheCheckFindsEachKindOfViolation) {
  const LayerRules rules({"unit base:", "unit sys: base", "unit a/words: base", "unit a: base a/words", "unit b: base",
                          "extra a/main*: sys", "library lib/: b/only.cpp", "library none/:"});
  const auto count = [&](const char* path, const char* text) {
    return rules.violations(make_source(path, text)).size();
  };
  EXPECT_EQ(count("a/x.cpp", "#include \"a/y.h\"\n#include \"base/z.h\"\n#include \"a/words.h\"\n#include <vector>\n"),
            0u);
  EXPECT_EQ(count("a/x.cpp", "#include \"b/y.h\"\n"), 1u);
  EXPECT_EQ(count("a/x.cpp", "#  include \"sys/y.h\"\n"), 1u);
  EXPECT_EQ(count("a/main.cpp", "#include \"sys/y.h\"\n"), 0u);
  EXPECT_EQ(count("base/x.h", "#include \"a/y.h\"\n"), 1u);
  EXPECT_EQ(count("a/words.h", "#include \"a/y.h\"\n"), 1u);
  EXPECT_EQ(count("a/x.cpp", "#include \"y.h\"\n"), 1u);
  EXPECT_EQ(count("c/x.cpp", ""), 1u);
  EXPECT_EQ(count("b/only.cpp", "#include <lib/y.h>\n"), 0u);
  EXPECT_EQ(count("b/other.cpp", "#include <lib/y.h>\n#include <none/x.h>\n"), 2u);
}

}  // namespace
}  // namespace forebay::test
