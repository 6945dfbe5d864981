#include "gateway/delivery/objects/sub_records.h"

#include <algorithm>

#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::delivery {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Behind the string that begins at `at`, or the end.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

/// Behind the object or array that begins at `at`, or the end. Only brackets are counted; the value is checked later.
std::size_t container_end(std::string_view text, std::size_t at) {
  for (std::size_t depth = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return text.size();
}

/// Behind the number or word that begins at `at`.
std::size_t scalar_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !is_blank(text[at]) && std::string_view("{[\"").find(text[at]) == std::string_view::npos)
    ++at;
  return at;
}

bool is_json(std::string_view text) {
  wire::kinesis::JsonReader in(text);
  in.skip();
  return in.ok() && in.at_end();
}

Error too_many(std::size_t parts_max) {
  return Error{Errc::too_large, "more than " + std::to_string(parts_max) + " sub-records in one record"};
}

}  // namespace

Result<std::vector<ByteView>> split_json(ByteView record, std::size_t parts_max) {
  const std::string_view text = as_text(record);
  std::vector<ByteView> parts;
  for (std::size_t at = 0;;) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) return parts;
    const char c = text[at];
    const std::size_t end = c == '"'               ? string_end(text, at)
                            : c == '{' || c == '[' ? container_end(text, at)
                                                   : scalar_end(text, at);
    if (!is_json(text.substr(at, end - at))) return Error{Errc::corrupt, "no JSON value at byte " + std::to_string(at)};
    if (parts.size() == parts_max) return too_many(parts_max);
    parts.push_back(record.subspan(at, end - at));
    at = end;
  }
}

Result<std::vector<ByteView>> split_delimited(ByteView record, ByteView delimiter, std::size_t parts_max) {
  const std::string_view text = as_text(record);
  std::vector<ByteView> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(as_text(delimiter), at), text.size());
    if (end > at && parts.size() == parts_max) return too_many(parts_max);
    if (end > at) parts.push_back(record.subspan(at, end - at));
    at = end + delimiter.size();
  }
  return parts;
}

}  // namespace forebay::gateway::delivery
