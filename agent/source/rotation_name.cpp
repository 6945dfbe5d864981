#include "agent/source/rotation_name.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace forebay::agent {

namespace {

constexpr std::array<std::string_view, 7> kCompressed{".gz", ".bz2", ".xz", ".zst", ".lz4", ".Z", ".zip"};
constexpr std::size_t kNumberDigitsMax = 4;  // "app.log.2"; longer ones are dates or belong to the name
constexpr std::size_t kDateDigitsMin = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "2026-01-31", "20260131", "2026013115", "20260131T1500", "1767225600": digits with single separators between.
bool date_digits(std::string_view text, std::string& digits) {
  digits.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_digit(c)) digits.push_back(c);
    else if ((c != '-' && c != '_' && c != 'T' && c != '.') || i == 0 || !is_digit(text[i - 1]) || i + 1 == text.size())
      return false;
  }
  return digits.size() >= kDateDigitsMin && digits.size() <= 20;
}

// Reads a stamp that ends the text; the base is what stands before its separator.
bool take_stamp(std::string_view text, RotationName& name) {
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos && dot > 0 && dot + 1 < text.size()) {
    const std::string_view digits = text.substr(dot + 1);
    if (digits.size() <= kNumberDigitsMax && std::all_of(digits.begin(), digits.end(), is_digit)) {
      name.kind = RotationName::Kind::numbered;
      name.stamp = std::string(kNumberDigitsMax - digits.size(), '0') + std::string(digits);
      name.base = text.substr(0, dot);
      std::string date;
      RotationName dated;  // "app.log-20260131.1": a second rotation within a day
      if (take_stamp(name.base, dated) && dated.kind == RotationName::Kind::dated) {
        dated.stamp += "." + name.stamp;
        name = dated;
      }
      return true;
    }
  }
  // The longest date wins: "app-2026-01-31" is app, not app-2026-01.
  for (std::size_t at = 1; at + kDateDigitsMin < text.size() + 1; ++at) {
    const char separator = text[at];
    if (separator != '-' && separator != '.' && separator != '_') continue;
    if (!date_digits(text.substr(at + 1), name.stamp)) continue;
    name.kind = RotationName::Kind::dated;
    name.base = text.substr(0, at);
    return true;
  }
  name.stamp.clear();
  return false;
}

}  // namespace

RotationName parse_rotation_name(std::string_view text) {
  RotationName name;
  const std::string whole(text);
  for (const std::string_view suffix : kCompressed) {
    if (!text.ends_with(suffix) || text.size() == suffix.size()) continue;
    name.compressed = true;
    text.remove_suffix(suffix.size());
    break;
  }
  if (take_stamp(text, name)) return name;
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos && dot > 0 && take_stamp(text.substr(0, dot), name)) {
    name.base += text.substr(dot);
    return name;
  }
  name.base = name.compressed ? std::string(text) : whole;
  return name;
}

bool before(const RotationRank& a, const RotationRank& b) {
  using Kind = RotationName::Kind;
  if ((a.kind == Kind::live) != (b.kind == Kind::live)) return b.kind == Kind::live;
  if (a.kind == b.kind && a.kind == Kind::numbered && a.stamp != b.stamp) return a.stamp > b.stamp;
  if (a.kind == b.kind && a.kind == Kind::dated && a.stamp != b.stamp) return a.stamp < b.stamp;
  return std::tie(a.modified_ns, a.name) < std::tie(b.modified_ns, b.name);
}

}  // namespace forebay::agent
