#include "gateway/auth/pattern.h"

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

std::string in_any_region(const std::string& pattern) {
  std::size_t region = 0;
  for (int field = 0; field < 3; ++field) {
    const std::size_t colon = pattern.find(':', region);
    if (colon == std::string::npos || pattern.find('*', region) < colon) return pattern;
    region = colon + 1;
  }
  const std::size_t end = pattern.find(':', region);
  return end == std::string::npos ? pattern : pattern.substr(0, region) + "*" + pattern.substr(end);
}

}  // namespace forebay::gateway::auth
