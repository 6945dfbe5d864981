// Calls of the operating system, time and randomness stand only where os_calls.txt says, and the check can fail.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tidy/source_tree.h"

namespace forebay::test {
namespace {

struct CallRule {
  std::string token;
  std::vector<std::string> globs;
};

std::vector<CallRule> parse(const std::vector<std::string>& lines) {
  std::vector<CallRule> rules;
  for (const std::string& line : lines) {
    const std::size_t colon = line.rfind(": ");
    rules.push_back({line.substr(0, colon), words_of(line.substr(colon + 2))});
  }
  return rules;
}

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The token begins a name, and a leading :: has no class or namespace before it.
bool begins_here(const std::string& code, std::size_t at) {
  if (at == 0) return true;
  const char before = code[at - 1];
  return !is_name_char(before) && !(code[at] == ':' && before == '>');
}

std::vector<std::string> violations(const SourceFile& file, const std::vector<CallRule>& rules) {
  std::vector<std::string> all;
  for (const CallRule& rule : rules) {
    if (std::any_of(rule.globs.begin(), rule.globs.end(), [&](const auto& glob) { return fits_glob(file.path, glob); }))
      continue;
    for (std::size_t at = 0; (at = file.code.find(rule.token, at)) != std::string::npos; ++at)
      if (begins_here(file.code, at)) all.push_back(place_of(file, at) + ": " + rule.token + " is not for this file");
  }
  return all;
}

TEST(OsCalls, StandOnlyInTheListedFiles) {
  const std::vector<CallRule> rules = parse(rule_lines("os_calls.txt"));
  for (const SourceFile& file : shipped_sources())
    for (const std::string& violation : violations(file, rules)) ADD_FAILURE() << violation;
}

TEST(OsCalls, TheCheckFindsCallsAndNothingElse) {
  const std::vector<CallRule> rules = parse({"::open(: sys/*", "fopen(: sys/* b/x.cpp", "std::ofstream: sys/*"});
  const auto count = [&](const char* path, const char* text) {
    return violations(make_source(path, text), rules).size();
  };
  EXPECT_EQ(count("a/x.cpp", "int fd = ::open(path, 0);"), 1u);
  EXPECT_EQ(count("a/x.cpp", "Journal::open(path); std::vector<int>::open(x); // ::open(\n\"::open(\""), 0u);
  EXPECT_EQ(count("a/x.cpp", "std::fopen(p); my_fopen(p); fopen (p); if(!fopen(p))"), 2u);
  EXPECT_EQ(count("b/x.cpp", "fopen(p); std::ofstream out;"), 1u);
  EXPECT_EQ(count("sys/x.cpp", "::open(p); fopen(p); std::ofstream out;"), 0u);
}

}  // namespace
}  // namespace forebay::test
