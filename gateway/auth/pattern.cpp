#include "gateway/auth/pattern.h"

#include <string>

namespace forebay::gateway::auth {

bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_in_any_region(std::string_view pattern, std::string_view arn) {
  if (matches_pattern(pattern, arn)) return true;
  std::size_t region = 0;
  for (int field = 0; field < 3; ++field) {
    region = arn.find(':', region);
    if (region++ == std::string_view::npos) return false;
  }
  const std::size_t end = arn.find(':', region);
  if (end == std::string_view::npos) return false;
  // A region that the pattern matches can be made of one of its own fields: what stands there, stars left out.
  std::string_view rest = pattern;
  for (;;) {
    std::string other(arn.substr(0, region));
    for (const char c : rest.substr(0, rest.find(':')))
      if (c != '*') other += c == '?' ? 'a' : c;
    other += arn.substr(end);
    if (matches_pattern(pattern, other)) return true;
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace forebay::gateway::auth
