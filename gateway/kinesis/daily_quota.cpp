#include "gateway/kinesis/daily_quota.h"

#include <charconv>
#include <string>

#include "gateway/kinesis/sequence.h"

namespace forebay::gateway::kinesis {

std::optional<stream::AttributeChange> count_call(const stream::Stream& stream, const DailyQuota& quota, WallTime now) {
  constexpr std::int64_t kDay = 24 * 60 * 60;
  const std::int64_t second = epoch_seconds(now);
  const auto known = stream.attributes.find(quota.attribute);
  const std::string_view text = known == stream.attributes.end() ? std::string_view() : std::string_view(known->second);
  std::string kept;
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t when = 0;
    const auto [next, error] = std::from_chars(at, end, when);
    if (error != std::errc()) break;
    at = next < end ? next + 1 : end;
    if (when > second || second - when >= kDay) continue;
    kept.append(std::to_string(when)).append(",");
    ++count;
  }
  if (count >= quota.calls) return std::nullopt;
  return stream::AttributeChange{std::string(quota.attribute), kept + std::to_string(second)};
}

}  // namespace forebay::gateway::kinesis
