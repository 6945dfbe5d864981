// Frames of SubscribeToShard as a client reads them: views stay inside, every beginning of a good frame is "not yet
// complete", and what we could have written reads and writes the same. Each input is read as it is and with checksums
// put right, which leads behind them.
#include <algorithm>
#include <set>

#include "base/byte_reader.h"
#include "tests/fuzz/targets.h"
#include "wire/kinesis/crc32.h"
#include "wire/kinesis/event_stream.h"

namespace forebay::fuzz {
namespace {

using namespace wire::kinesis;

void put_u32_be(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
}

std::string with_checksums(std::string bytes) {
  std::size_t at = 0;
  while (bytes.size() - at >= kEventFrameBytesMin) {
    const std::size_t size = ByteReader(as_bytes(bytes).subspan(at, 4)).u32_be();
    put_u32_be(bytes, at + 8, crc32(as_bytes(bytes).subspan(at, 8)));
    if (size < kEventFrameBytesMin || size > bytes.size() - at) break;
    put_u32_be(bytes, at + size - 4, crc32(as_bytes(bytes).subspan(at, size - 4)));
    at += size;
  }
  return bytes;
}

void check_rewritten(std::string_view frame, const EventMessage& message) {
  std::set<std::string_view> names;
  for (const EventHeader& header : message.headers)
    if (header.type != EventHeaderType::string || header.name.empty() || !names.insert(header.name).second) return;
  std::string again;
  EventFrame writer(again);
  for (const EventHeader& header : message.headers) writer.header(header.name, header.value);
  writer.begin_payload();
  again += message.payload;
  writer.finish();
  require(again == frame, "a rewritten frame is the same");
}

void read_all(std::string_view bytes) {
  while (true) {
    const auto result = read_event_frame(bytes);
    if (!result.ok() || !result.value()) return;
    const EventMessage& message = *result.value();
    require(message.frame_bytes >= kEventFrameBytesMin && message.frame_bytes <= bytes.size(), "a frame is inside");
    const std::string_view frame = bytes.substr(0, message.frame_bytes);
    const auto inside = [&](std::string_view view) {
      return view.empty() || (view.data() >= frame.data() && view.data() + view.size() <= frame.data() + frame.size());
    };
    require(inside(message.payload), "a payload is inside its frame");
    for (const EventHeader& header : message.headers)
      require(inside(header.name) && inside(header.value), "a header is inside its frame");
    const std::size_t step = 1 + frame.size() / 64;
    for (std::size_t size = 0; size < frame.size(); size += step) {
      const auto part = read_event_frame(frame.substr(0, size));
      require(part.ok() && !part.value(), "the beginning of a frame waits for its rest");
    }
    check_rewritten(frame, message);
    bytes.remove_prefix(message.frame_bytes);
  }
}

}  // namespace

void event_stream(ByteView input) {
  read_all(as_text(input));
  read_all(with_checksums(std::string(as_text(input))));
}

}  // namespace forebay::fuzz
