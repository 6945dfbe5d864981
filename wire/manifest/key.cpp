#include "wire/manifest/key.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace forebay::wire::manifest {
namespace {

constexpr std::size_t kIndexDigits = 12;
constexpr std::string_view kEnding = ".json";

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string lane_prefix(const Lane& lane) {
  std::string out = std::string(kRoot) + lane.delivery + "/" + std::to_string(lane.stream_id) + "/" +
                    std::to_string(lane.shard) + "/" + std::to_string(lane.timeline) + "/";
  if (!lane.replay.empty()) out += lane.replay + "/";
  return out;
}

std::string entry_key(const Lane& lane, std::uint64_t index) {
  const std::string number = std::to_string(index);
  const std::size_t zeros = number.size() < kIndexDigits ? kIndexDigits - number.size() : 0;
  return lane_prefix(lane) + std::string(zeros, '0') + number + std::string(kEnding);
}

std::optional<EntryPlace> parse_entry_key(std::string_view key) {
  if (!key.starts_with(kRoot) || !key.ends_with(kEnding)) return std::nullopt;
  const auto parts = parts_of(key.substr(kRoot.size(), key.size() - kRoot.size() - kEnding.size()));
  constexpr std::size_t kLiveParts = 5, kReplayParts = 6;
  if (parts.size() != kLiveParts && parts.size() != kReplayParts) return std::nullopt;
  EntryPlace out;
  out.lane.delivery = parts[0];
  if (parts.size() == kReplayParts) out.lane.replay = parts[4];
  if (!read_number(parts[1], out.lane.stream_id) || !read_number(parts[2], out.lane.shard) ||
      !read_number(parts[3], out.lane.timeline) || !read_number(parts.back(), out.index))
    return std::nullopt;
  if (entry_key(out.lane, out.index) != key) return std::nullopt;
  return out;
}

}  // namespace forebay::wire::manifest
