#include "spool/gap_record.h"

#include <algorithm>
#include <charconv>

namespace forebay::spool {

static void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// Partition keys have at most 256 characters.
constexpr std::size_t kDeviceBytesMax = 200;

std::string gap_partition_key(std::string_view device) {
  return "forebay.gap/" + std::string(device.substr(0, kDeviceBytesMax));
}

/// Tells the nearest neighbours as one until there are few enough.
static void limit_ranges(std::vector<SequenceRange>& ranges) {
  while (ranges.size() > GapRecord::kRangesMax) {
    std::size_t nearest = 1;
    for (std::size_t i = 2; i < ranges.size(); ++i) {
      if (ranges[i].from - ranges[i - 1].to < ranges[nearest].from - ranges[nearest - 1].to) nearest = i;
    }
    ranges[nearest - 1].to = ranges[nearest].to;
    ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(nearest));
  }
}

void GapRecord::fold(const GapRecord& older) {
  if (count == 0) {
    source = older.source;
  } else if (source != older.source) {
    source.clear();
  }
  RangeSet all;
  for (const SequenceRange& range : ranges) all.add(range);
  for (const SequenceRange& range : older.ranges) all.add(range);
  ranges = all.ranges();
  limit_ranges(ranges);
  count += older.count;
}

std::string to_json(const GapRecord& gap) {
  std::string json = R"({"_forebay":"gap","device":)";
  append_json_string(json, gap.device);
  json += R"(,"source":)";
  append_json_string(json, gap.source);
  json += R"(,"from":)" + std::to_string(gap.ranges.empty() ? 0 : gap.ranges.front().from);
  json += R"(,"to":)" + std::to_string(gap.ranges.empty() ? 0 : gap.ranges.back().to);
  json += R"(,"count":)" + std::to_string(gap.count) + R"(,"reason":)";
  append_json_string(json, gap.reason);
  if (!gap.ranges.empty()) json += R"(,"run":)" + std::to_string(gap.run);
  if (gap.ranges.size() > 1) {
    json += R"(,"ranges":)";
    char before = '[';
    for (const SequenceRange& range : gap.ranges) {
      json += before + ("[" + std::to_string(range.from)) + "," + std::to_string(range.to) + "]";
      before = ',';
    }
    json += ']';
  }
  json += '}';
  return json;
}

/// What follows `"name":`. Quotes inside strings are escaped, so that no string holds such a name.
static std::optional<std::string_view> member(std::string_view json, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":";
  const std::size_t at = json.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  return json.substr(at + key.size());
}

/// Takes a number off the front.
static std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

static std::optional<std::uint64_t> number_of(std::string_view json, std::string_view name) {
  auto text = member(json, name);
  return text ? take_number(*text) : std::nullopt;
}

static std::optional<std::string> text_of(std::string_view json, std::string_view name) {
  const auto found = member(json, name);
  if (!found || !found->starts_with('"')) return std::nullopt;
  std::string text;
  for (std::size_t i = 1; i < found->size(); ++i) {
    const char c = (*found)[i];
    if (c == '"') return text;
    if (c != '\\') {
      text += c;
    } else if (i + 5 < found->size() && (*found)[i + 1] == 'u') {
      unsigned code = 0;
      std::from_chars(found->data() + i + 2, found->data() + i + 6, code, 16);
      text += static_cast<char>(code);
      i += 5;
    } else if (++i < found->size()) {
      text += (*found)[i];
    }
  }
  return std::nullopt;
}

/// Reads `[[1,2],[5,9]]`.
static std::vector<SequenceRange> ranges_of(std::string_view text) {
  std::vector<SequenceRange> ranges;
  while (text.size() > 1 && (text.starts_with('[') || text.starts_with(','))) {
    text.remove_prefix(text.starts_with("[[") ? 2 : text.starts_with(",[") ? 2 : 1);
    const auto from = take_number(text);
    if (!from || !text.starts_with(',')) break;
    text.remove_prefix(1);
    const auto to = take_number(text);
    if (!to || !text.starts_with(']')) break;
    text.remove_prefix(1);
    ranges.push_back({*from, *to});
  }
  return ranges;
}

std::optional<GapRecord> parse_gap_record(std::string_view json) {
  if (!json.starts_with(R"({"_forebay":"gap")")) return std::nullopt;
  auto device = text_of(json, "device");
  auto source = text_of(json, "source");
  auto reason = text_of(json, "reason");
  const auto count = number_of(json, "count");
  const auto from = number_of(json, "from");
  const auto to = number_of(json, "to");
  if (!device || !source || !reason || !count || !from || !to) return std::nullopt;
  GapRecord gap{*std::move(device), *std::move(source), number_of(json, "run").value_or(0), {}, *count,
                *std::move(reason)};
  if (const auto ranges = member(json, "ranges")) gap.ranges = ranges_of(*ranges);
  if (gap.ranges.empty() && *from != 0) gap.ranges.push_back({*from, *to});
  return gap;
}

RecordChunk gap_chunk(const std::string& stream, const GapRecord& gap, WallTime now) {
  RecordChunk chunk(stream);
  chunk.add(gap_partition_key(gap.device), now, as_bytes(to_json(gap)));
  return chunk;
}

}  // namespace forebay::spool
