#include "gateway/kinesis/actions/scalings.h"

#include <charconv>
#include <chrono>

namespace forebay::gateway::kinesis {

std::vector<WallTime> recent_scalings(std::string_view attribute, WallTime now) {
  std::vector<WallTime> recent;
  const char* at = attribute.data();
  const char* const end = at + attribute.size();
  while (at < end) {
    std::int64_t seconds = 0;
    const auto [next, error] = std::from_chars(at, end, seconds);
    if (error != std::errc()) break;
    const WallTime when = from_millis(seconds * 1000);
    if (when <= now && now - when < std::chrono::hours(24)) recent.push_back(when);
    at = next < end ? next + 1 : end;
  }
  return recent;
}

std::string scalings_attribute(const std::vector<WallTime>& scalings) {
  std::string text;
  for (const WallTime when : scalings) {
    if (!text.empty()) text.push_back(',');
    text.append(std::to_string(to_millis(when) / 1000));
  }
  return text;
}

}  // namespace forebay::gateway::kinesis
