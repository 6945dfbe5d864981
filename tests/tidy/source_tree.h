#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace forebay::test {

struct SourceFile {
  std::string path;  ///< from the root of the tree
  std::string text;
  std::string code;  ///< the text with comments and literals blanked out, line by line the same length
};

/// All .h and .cpp files of the shipped folders, sorted. Asserts when the tree is not there.
std::vector<SourceFile> shipped_sources();
SourceFile make_source(std::string path, std::string text);
/// Lines of a rule file below tests/tidy/ without comments and empty lines.
std::vector<std::string> rule_lines(std::string_view name);

std::string blank_comments_and_literals(std::string_view text);
/// `*` fits anything, also slashes.
bool fits_glob(std::string_view path, std::string_view glob);
std::vector<std::string> words_of(std::string_view text);
/// "path:line"
std::string place_of(const SourceFile& file, std::size_t position);

}  // namespace forebay::test
