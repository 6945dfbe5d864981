#include "spool/gap_record.h"

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

std::string to_json(const GapRecord& gap) {
  std::string json = R"({"_forebay":"gap","device":)";
  append_json_string(json, gap.device);
  json += R"(,"source":)";
  append_json_string(json, gap.source);
  json += R"(,"from":)" + std::to_string(gap.from) + R"(,"to":)" + std::to_string(gap.to);
  json += R"(,"count":)" + std::to_string(gap.count) + R"(,"reason":)";
  append_json_string(json, gap.reason);
  json += '}';
  return json;
}

RecordChunk gap_chunk(const std::string& stream, const GapRecord& gap, WallTime now) {
  RecordChunk chunk(stream);
  chunk.add(gap_partition_key(gap.device), now, as_bytes(to_json(gap)));
  return chunk;
}

}  // namespace forebay::spool
