#include "base/name_values.h"

#include <algorithm>
#include <optional>

namespace forebay {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '#' && (i == 0 || kBlanks.find(text[i - 1]) != std::string_view::npos)) return text.substr(0, i);
  return text;
}

/// The value without quotes; empty: a quote is missing, or something stands behind it.
std::optional<std::string_view> value_of(std::string_view text) {
  if (text.empty() || text.front() != '"') return trimmed(without_comment(text));
  const auto end = text.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view rest = trimmed(text.substr(end + 1));
  if (!rest.empty() && rest.front() != '#') return std::nullopt;
  return text.substr(1, end - 1);
}

}  // namespace

Result<std::vector<NameValue>> parse_name_values(std::string_view text, std::string_view file) {
  std::vector<NameValue> values;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == '[') continue;
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::nullopt : value_of(trimmed(line.substr(equals + 1)));
    if (!value || name.empty())
      return Error{Errc::invalid_argument,
                   std::string(file) + ":" + std::to_string(number) + ": expected a line like: name = \"value\""};
    values.push_back({number, std::string(name), std::string(*value)});
  }
  return values;
}

}  // namespace forebay
