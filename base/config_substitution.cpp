#include "base/config_substitution.h"

namespace forebay {
namespace {

constexpr std::uint64_t kFileBytesMax = 64 << 10;

Result<std::string> text_of_file(FileSystem& files, const std::string& path) {
  Result<Buffer> bytes = read_file(files, path, kFileBytesMax);
  if (!bytes) return std::move(bytes).error().with_context("${file:...}");
  std::string text(as_text(*bytes));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<std::string> replacement(std::string_view name, const Environment& environment, FileSystem& files) {
  if (name.starts_with("file:")) return text_of_file(files, std::string(name.substr(5)));
  const std::size_t dash = name.find(":-");
  const std::string_view variable = name.substr(0, dash);
  if (variable.empty()) return Error{Errc::invalid_argument, "`${}` names no variable; write ${NAME}, or $$ for a $"};
  if (const std::string* value = find_in(environment, variable)) {
    if (!value->empty() || dash == std::string_view::npos) return *value;
  }
  if (dash != std::string_view::npos) return std::string(name.substr(dash + 2));
  const std::string shown(variable);
  return Error{Errc::invalid_argument,
               "environment variable " + shown + " is not set; set it or write ${" + shown + ":-default}"};
}

}  // namespace

const std::string* find_in(const Environment& environment, std::string_view name) {
  for (const auto& [key, value] : environment)
    if (key == name) return &value;
  return nullptr;
}

Result<std::string> substitute(std::string_view text, const Environment& environment, FileSystem& files) {
  std::string out;
  while (!text.empty()) {
    const std::size_t dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    if (text.starts_with('$')) {
      out += '$';
      text.remove_prefix(1);
    } else if (text.starts_with('{')) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos)
        return Error{Errc::invalid_argument, "`${` without `}`; close it, or write $$ for a $"};
      FB_TRY(const std::string value, replacement(text.substr(1, end - 1), environment, files));
      out += value;
      text.remove_prefix(end + 1);
    } else {
      out += '$';
    }
  }
  return out;
}

}  // namespace forebay
