#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/assert.h"
#include "tests/support/temp_directory.h"

namespace forebay::test {
namespace {

constexpr const char* kRoot = FOREBAY_SOURCE_ROOT;
constexpr const char* kFolders[] = {"base", "sys", "wire", "spool", "agent", "gateway", "cli"};

/// Blanks one literal that starts at `at` and returns the position behind it. Raw strings are followed to their end.
std::size_t blank_literal(std::string& code, std::size_t at) {
  const bool raw = code[at] == '"' && at > 0 && code[at - 1] == 'R';
  std::size_t end = at + 1;
  if (raw) {
    const std::size_t open = code.find('(', at);
    const std::string close = ")" + code.substr(at + 1, open - at - 1) + "\"";
    end = std::min(code.find(close, at), code.size() - close.size()) + close.size();
  } else {
    while (end < code.size() && code[end] != code[at] && code[end] != '\n') end += code[end] == '\\' ? 2 : 1;
    end = std::min(end + 1, code.size());
  }
  for (std::size_t i = at + 1; i + 1 < end; ++i)
    if (code[i] != '\n') code[i] = ' ';
  return end;
}

std::size_t blank_until(std::string& code, std::size_t at, std::size_t end) {
  end = std::min(end, code.size());
  for (; at < end; ++at)
    if (code[at] != '\n') code[at] = ' ';
  return end;
}

bool is_digit_separator(const std::string& code, std::size_t at) {
  return code[at] == '\'' && at > 0 && std::isalnum(static_cast<unsigned char>(code[at - 1])) != 0;
}

}  // namespace

std::string blank_comments_and_literals(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < code.size();) {
    if (code.compare(at, 2, "//") == 0)
      at = blank_until(code, at, code.find('\n', at));
    else if (code.compare(at, 2, "/*") == 0)
      at = blank_until(code, at, std::min(code.find("*/", at), code.size() - 2) + 2);
    else if (code[at] == '"' || (code[at] == '\'' && !is_digit_separator(code, at)))
      at = blank_literal(code, at);
    else
      ++at;
  }
  return code;
}

SourceFile make_source(std::string path, std::string text) {
  std::string code = blank_comments_and_literals(text);
  return {std::move(path), std::move(text), std::move(code)};
}

std::vector<SourceFile> shipped_sources() {
  std::vector<SourceFile> all;
  for (const char* folder : kFolders) {
    const std::filesystem::path root = std::filesystem::path(kRoot) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string path = entry.path().string();
      if (entry.is_regular_file() && (path.ends_with(".h") || path.ends_with(".cpp")))
        all.push_back(make_source(path.substr(std::string(kRoot).size() + 1), read_text(path)));
    }
  }
  FB_ASSERT(all.size() > 50);
  std::sort(all.begin(), all.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return all;
}

std::vector<std::string> rule_lines(std::string_view name) {
  std::istringstream text(read_text(std::string(kRoot) + "/tests/tidy/" + std::string(name)));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  FB_ASSERT(!lines.empty());
  return lines;
}

bool fits_glob(std::string_view path, std::string_view glob) {
  const std::size_t star = glob.find('*');
  if (star == std::string_view::npos) return path == glob;
  if (!path.starts_with(glob.substr(0, star))) return false;
  path.remove_prefix(star);
  for (std::size_t skip = 0; skip <= path.size(); ++skip)
    if (fits_glob(path.substr(skip), glob.substr(star + 1))) return true;
  return false;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string place_of(const SourceFile& file, std::size_t position) {
  const auto line = std::count(file.text.begin(), file.text.begin() + static_cast<std::ptrdiff_t>(position), '\n') + 1;
  return file.path + ":" + std::to_string(line);
}

}  // namespace forebay::test
