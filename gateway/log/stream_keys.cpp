#include "gateway/log/stream_keys.h"

#include <charconv>
#include <chrono>
#include <limits>

namespace forebay::gateway::log {
namespace {

/// A segment is open for an hour and more before its age counts; a key is called needed for as long.
constexpr std::chrono::hours kSegmentSlack{2};
constexpr KeyId kUnknownKey{std::numeric_limits<std::uint32_t>::max()};

WallTime ceased_at(std::string_view text) {
  std::int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  const bool good = error == std::errc() && end == text.data() + text.size();
  return good ? from_millis(millis) : WallTime::max();
}

std::string former(KeyId key) { return std::string(kFormerKeyPrefix) + to_text(key); }

}  // namespace

KeyId data_key_of(const Attributes& attributes) {
  const auto found = attributes.find(kDataKeyAttribute);
  if (found == attributes.end()) return kNoKey;
  return parse_key_id(found->second).value_or(kUnknownKey);
}

bool has_data_keys(const Attributes& attributes) {
  const auto found = attributes.lower_bound(kDataKeyAttribute);
  return found != attributes.end() && (found->first == kDataKeyAttribute || found->first.starts_with(kFormerKeyPrefix));
}

std::vector<KeyId> needed_keys(const Attributes& attributes, std::int32_t retention_hours, WallTime now) {
  std::vector<KeyId> keys;
  if (const KeyId current = data_key_of(attributes); current != kNoKey) keys.push_back(current);
  for (auto one = attributes.lower_bound(kFormerKeyPrefix);
       one != attributes.end() && one->first.starts_with(kFormerKeyPrefix); ++one) {
    const auto key = parse_key_id(std::string_view(one->first).substr(kFormerKeyPrefix.size()));
    const WallTime ceased = ceased_at(one->second);
    const bool gone = ceased < now - std::chrono::hours(retention_hours) - kSegmentSlack;
    if (key && !gone) keys.push_back(*key);
  }
  return keys;
}

std::vector<AttributeChange> change_of_key(const Attributes& attributes, KeyId next, WallTime now) {
  std::vector<AttributeChange> changes;
  const KeyId current = data_key_of(attributes);
  if (current == next) return changes;
  if (current != kNoKey) changes.push_back({former(current), std::to_string(to_millis(now))});
  if (next == kNoKey) {
    changes.push_back({std::string(kDataKeyAttribute), std::nullopt});
    return changes;
  }
  changes.push_back({std::string(kDataKeyAttribute), to_text(next)});
  if (attributes.contains(former(next))) changes.push_back({former(next), std::nullopt});
  return changes;
}

}  // namespace forebay::gateway::log
