#include <algorithm>

#include "base/byte_reader.h"
#include "wire/kinesis/crc32.h"
#include "wire/kinesis/event_stream.h"

namespace forebay::wire::kinesis {
namespace {

constexpr std::size_t kPreludeBytes = 12;

struct Prelude {
  std::size_t total = 0;
  std::size_t headers = 0;
};

Error corrupt(const char* what) { return {Errc::corrupt, std::string("event stream: ") + what}; }

Result<Prelude> read_prelude(ByteView bytes) {
  ByteReader reader(bytes);
  Prelude prelude;
  prelude.total = reader.u32_be();
  prelude.headers = reader.u32_be();
  if (reader.u32_be() != crc32(bytes.first(8))) return corrupt("the checksum of a frame's lengths does not fit them");
  if (prelude.total < kEventFrameBytesMin || prelude.headers > prelude.total - kEventFrameBytesMin)
    return corrupt("a frame is shorter than its headers");
  if (prelude.headers > kEventHeadersBytesMax)
    return Error{Errc::too_large, "event stream: headers of a frame are larger than 128 KiB"};
  if (prelude.total - prelude.headers - kEventFrameBytesMin > kEventPayloadBytesMax)
    return Error{Errc::too_large, "event stream: payload of a frame is larger than 24 MiB"};
  return prelude;
}

/// Bytes of a header's value; empty for a type that does not exist.
std::optional<std::size_t> value_size(EventHeaderType type, ByteReader& reader) {
  switch (type) {
    case EventHeaderType::yes:
    case EventHeaderType::no: return 0;
    case EventHeaderType::int8: return 1;
    case EventHeaderType::int16: return 2;
    case EventHeaderType::int32: return 4;
    case EventHeaderType::int64:
    case EventHeaderType::timestamp: return 8;
    case EventHeaderType::bytes:
    case EventHeaderType::string: return reader.u16_be();
    case EventHeaderType::uuid: return 16;
  }
  return std::nullopt;
}

Result<std::vector<EventHeader>> read_headers(ByteView bytes) {
  ByteReader reader(bytes);
  std::vector<EventHeader> headers;
  while (reader.ok() && !reader.at_end()) {
    EventHeader header;
    header.name = reader.text(reader.u8());
    header.type = static_cast<EventHeaderType>(reader.u8());
    const auto size = value_size(header.type, reader);
    if (!size) return corrupt("a header has a type that does not exist");
    header.value = reader.text(*size);
    if (!reader.ok() || header.name.empty()) return corrupt("a header does not fit its frame or has no name");
    headers.push_back(header);
  }
  return headers;
}

Result<void> check_names(const std::vector<EventHeader>& headers) {
  std::vector<std::string_view> names;
  for (const EventHeader& header : headers) names.push_back(header.name);
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) return corrupt("a header occurs twice");
  return {};
}

}  // namespace

std::optional<std::string_view> EventMessage::header(std::string_view name) const {
  for (const EventHeader& header : headers)
    if (header.name == name && header.type == EventHeaderType::string) return header.value;
  return std::nullopt;
}

Result<std::optional<EventMessage>> read_event_frame(std::string_view bytes) {
  if (bytes.size() < kPreludeBytes) return std::optional<EventMessage>();
  FB_TRY(const Prelude prelude, read_prelude(as_bytes(bytes)));
  if (bytes.size() < prelude.total) return std::optional<EventMessage>();
  const std::size_t checked = prelude.total - 4;
  ByteReader last(as_bytes(bytes.substr(checked, 4)));
  if (last.u32_be() != crc32(as_bytes(bytes.substr(0, checked))))
    return corrupt("the checksum of a frame does not fit its bytes");
  EventMessage message;
  FB_TRY(message.headers, read_headers(as_bytes(bytes.substr(kPreludeBytes, prelude.headers))));
  FB_CHECK(check_names(message.headers));
  message.payload = bytes.substr(kPreludeBytes + prelude.headers, checked - kPreludeBytes - prelude.headers);
  message.frame_bytes = prelude.total;
  return std::optional<EventMessage>(std::move(message));
}

}  // namespace forebay::wire::kinesis
