#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "wire/kinesis/error_type.h"

/// Frames of SubscribeToShard's answer, application/vnd.amazon.eventstream (all integers big-endian):
///
///     0  u32 total length     4  u32 length of the headers     8  u32 CRC-32 of bytes 0..7
///     12 headers, each: u8 name length, name, u8 type, value     then payload
///     end-4  u32 CRC-32 of everything before it
namespace forebay::wire::kinesis {

inline constexpr std::string_view kEventStreamContentType = "application/vnd.amazon.eventstream";
inline constexpr std::size_t kEventHeadersBytesMax = 128 * 1024;
inline constexpr std::size_t kEventPayloadBytesMax = 24 * 1024 * 1024;
/// Lengths, their checksum and the last checksum: a frame without headers and payload.
inline constexpr std::size_t kEventFrameBytesMin = 16;

// --- writing -----------------------------------------------------------------------------------------------------

/// Writes one frame around a payload that the caller appends to the same string.
/// Usage  EventFrame frame(out); frame.header(...)*; frame.begin_payload(); out += ...; frame.finish();
class EventFrame {
 public:
  /// Appends to `out`, which is borrowed until finish() returns.
  explicit EventFrame(std::string& out);
  /// Shape  name 1..255 bytes, value at most 65535; a name occurs once.
  void header(std::string_view name, std::string_view value);
  void begin_payload();
  /// Shape  headers and payload within the limits above.
  void finish();

 private:
  std::string& out_;
  std::size_t start_;
  std::size_t payload_ = 0;
};

/// Starts an event whose payload is JSON: its headers are written and begin_payload() was called.
EventFrame begin_event(std::string& out, std::string_view event_type);
/// The frame every stream begins with.
void append_initial_response(std::string& out);
/// A fault that the service model lists for the stream; InternalFailure goes out under its modelled name.
void append_exception(const Fault& fault, std::string& out);
/// A failure the model does not list.
void append_error(std::string_view code, std::string_view message, std::string& out);

// --- reading -----------------------------------------------------------------------------------------------------

enum class EventHeaderType : std::uint8_t {
  yes,
  no,
  int8,
  int16,
  int32,
  int64,
  bytes,
  string,
  timestamp,
  uuid,
};

/// Points into the bytes it was read from.
struct EventHeader {
  std::string_view name;
  EventHeaderType type = EventHeaderType::string;
  std::string_view value;  ///< as on the wire, without the length of bytes and strings
};

struct EventMessage {
  std::vector<EventHeader> headers;
  std::string_view payload;
  std::size_t frame_bytes = 0;

  /// Value of a string header.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

/// Reads the frame at the start of `bytes`; the message points into them.
/// Success  empty when the frame is not complete yet; what is there of it was checked as far as possible.
/// Errors   corrupt: a checksum or a length does not fit, the stream cannot be read on; too_large.
Result<std::optional<EventMessage>> read_event_frame(std::string_view bytes);

}  // namespace forebay::wire::kinesis
