// GCC 12 destroys braced temporaries and captures twice in an expression with co_await, without a warning
// (tests/unit/base/coroutine_lifetime_test.cpp). So such an expression holds only names and plain calls.
#include <gtest/gtest.h>

#include "tests/tidy/source_tree.h"

namespace forebay::test {
namespace {

bool blank_to_line_end(const std::string& code, std::size_t at) {
  const std::size_t end = std::min(code.find('\n', at), code.size());
  return code.find_first_not_of(" \t\r", at) >= end;
}

/// A `[` that begins a lambda, not an index or an attribute.
bool begins_lambda(const std::string& code, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && code[before - 1] == ' ') --before;
  const char c = before == 0 ? ' ' : code[before - 1];
  return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != ')' && c != ']' && c != '[' &&
         code.compare(at, 2, "[[") != 0;
}

/// Looks at the statement from the start of its line to its semicolon or the brace of its block.
bool is_plain(const std::string& code, std::size_t from) {
  int depth = 0;
  for (std::size_t at = from; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ';' && depth <= 0) return true;
    if (c == '{' && depth <= 0 && blank_to_line_end(code, at + 1)) return true;
    if (c == '{' || (c == '[' && begins_lambda(code, at))) return false;
    if (c == '}' && depth <= 0) return true;
  }
  return true;
}

std::vector<std::string> violations(const SourceFile& file) {
  std::vector<std::string> all;
  for (std::size_t at = 0; (at = file.code.find("co_await", at)) != std::string::npos; ++at) {
    const std::size_t line = file.code.rfind('\n', at) + 1;
    if (!is_plain(file.code, line))
      all.push_back(place_of(file, at) + ": name the aggregate or lambda first, then co_await");
  }
  return all;
}

TEST(CoroutineLines, HoldOnlyNamesAndPlainCalls) {
  for (const SourceFile& file : shipped_sources())
    for (const std::string& violation : violations(file)) ADD_FAILURE() << violation;
}

TEST(CoroutineLines, TheCheckFindsTheBrokenShapes) {
  const auto bad = [](const char* text) { return violations(make_source("a/x.cpp", text)).size(); };
  EXPECT_EQ(bad("  auto x = co_await f(a, std::move(b), c[1]);\n"), 0u);
  EXPECT_EQ(bad("  if (auto x = co_await f(a); !x) {\n"), 0u);
  EXPECT_EQ(bad("  FB_CO_TRY(auto x, co_await f(a));\n"), 0u);
  EXPECT_EQ(bad("  co_await f(a,\n      b);\n  g({1});\n"), 0u);
  EXPECT_EQ(bad("  auto x = co_await f(Options{a, b});\n"), 1u);
  EXPECT_EQ(bad("  co_await f({a, b});\n"), 1u);
  EXPECT_EQ(bad("  co_await f(a,\n             Options{b});\n"), 1u);
  EXPECT_EQ(bad("  co_await f([&] { return 1; });\n"), 1u);
  EXPECT_EQ(bad("  co_await f([this] { return 1; });\n"), 1u);
  EXPECT_EQ(bad("  co_await f(a, [x = std::move(y)]() mutable { return 1; });\n"), 1u);
  EXPECT_EQ(bad("  std::vector<int> v{co_await a(), co_await b()};\n"), 2u);
  EXPECT_EQ(bad("  // co_await f({a, b});\n"), 0u);
}

}  // namespace
}  // namespace forebay::test
