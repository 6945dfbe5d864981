#include "gateway/delivery/objects/time_zone.h"

#include <algorithm>

#include "base/byte_reader.h"

namespace forebay::gateway::delivery {
namespace {

struct Counts {
  std::uint32_t utc_flags, standard_flags, leaps, changes, types, characters;

  /// Bytes of the data behind the header, with times of `width` bytes.
  [[nodiscard]] std::uint64_t data_bytes(std::uint64_t width) const {
    return changes * (width + 1) + std::uint64_t{types} * 6 + characters + leaps * (width + 4) + standard_flags +
           std::uint64_t{utc_flags};
  }
};

/// Empty: no header.
std::optional<Counts> read_header(ByteReader& in) {
  const bool magic = in.text(4) == "TZif";
  const std::uint8_t version = in.u8();
  in.skip(15);
  Counts counts{};
  for (std::uint32_t* count :
       {&counts.utc_flags, &counts.standard_flags, &counts.leaps, &counts.changes, &counts.types, &counts.characters})
    *count = in.u32_be();
  if (!in.ok() || !magic || version < '2' || counts.types == 0) return std::nullopt;
  return counts;
}

}  // namespace

Result<TimeZone> TimeZone::parse(ByteView file, std::string_view name) {
  const Error damaged{Errc::corrupt,
                      std::string(name) + ": no file of the tz database; install the package tzdata again"};
  if (file.size() > kZoneFileBytesMax) return damaged;
  ByteReader in(file);
  const auto narrow = read_header(in);
  if (!narrow || narrow->data_bytes(4) > in.remaining()) return damaged;
  in.skip(narrow->data_bytes(4));
  const auto counts = read_header(in);
  if (!counts || counts->data_bytes(8) > in.remaining()) return damaged;

  TimeZone zone;
  zone.changes_.resize(counts->changes);
  for (Change& change : zone.changes_) change.at = in.i64_be();
  const ByteView type_of = in.bytes(counts->changes);
  std::vector<std::int32_t> offsets(counts->types);
  for (std::int32_t& offset : offsets) {
    offset = static_cast<std::int32_t>(in.u32_be());
    in.skip(2);
  }
  in.skip(counts->characters + std::uint64_t{counts->leaps} * 12 + counts->standard_flags + counts->utc_flags);
  for (std::size_t i = 0; i < type_of.size(); ++i) {
    if (type_of[i] >= offsets.size()) return damaged;
    zone.changes_[i].offset = offsets[type_of[i]];
    if (i > 0 && zone.changes_[i].at <= zone.changes_[i - 1].at) return damaged;
  }
  zone.first_offset_ = offsets[0];
  const std::string_view footer = as_text(in.rest());
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return damaged;
  const std::string_view rule = footer.substr(1, footer.size() - 2);
  if (!rule.empty() && !(zone.rule_ = ZoneRule::parse(rule))) return damaged;
  return zone;
}

std::int32_t TimeZone::offset_at(std::int64_t utc_seconds) const {
  const auto behind = std::upper_bound(changes_.begin(), changes_.end(), utc_seconds,
                                       [](std::int64_t time, const Change& change) { return time < change.at; });
  if (behind == changes_.end() && rule_) return rule_->offset_at(utc_seconds);
  return behind == changes_.begin() ? first_offset_ : std::prev(behind)->offset;
}

std::int64_t TimeZone::local_seconds(WallTime time) const {
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return seconds + offset_at(seconds);
}

}  // namespace forebay::gateway::delivery
