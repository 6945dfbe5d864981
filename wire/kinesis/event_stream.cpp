#include "wire/kinesis/event_stream.h"

#include "base/assert.h"
#include "wire/kinesis/crc32.h"
#include "wire/kinesis/json_text.h"
#include "wire/kinesis/shape.h"

namespace forebay::wire::kinesis {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kHeaderValueBytesMax = 65535;
constexpr std::string_view kMessageType = ":message-type";
constexpr std::string_view kEventType = ":event-type";
constexpr std::string_view kExceptionType = ":exception-type";
constexpr std::string_view kContentType = ":content-type";

void put_u32(char* to, std::size_t value) {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<char>(value >> (24 - 8 * i));
}

std::uint32_t checksum(const std::string& out, std::size_t from) {
  return crc32(as_bytes(std::string_view(out).substr(from)));
}

/// The name that the stream's model has for a fault.
std::string_view modelled_name(ErrorType type) {
  return type == ErrorType::internal_failure ? "InternalFailureException" : row_of(type).name;
}

}  // namespace

EventFrame::EventFrame(std::string& out) : out_(out), start_(out.size()) { out_.append(kPreludeBytes, '\0'); }

void EventFrame::header(std::string_view name, std::string_view value) {
  FB_ASSERT(!name.empty() && name.size() <= 255 && value.size() <= kHeaderValueBytesMax);
  out_ += static_cast<char>(name.size());
  out_ += name;
  out_ += static_cast<char>(EventHeaderType::string);
  out_ += static_cast<char>(value.size() >> 8);
  out_ += static_cast<char>(value.size());
  out_ += value;
}

void EventFrame::begin_payload() { payload_ = out_.size(); }

void EventFrame::finish() {
  FB_ASSERT(payload_ - start_ - kPreludeBytes <= kEventHeadersBytesMax);
  FB_ASSERT(out_.size() - payload_ <= kEventPayloadBytesMax);
  char* const prelude = out_.data() + start_;
  put_u32(prelude, out_.size() - start_ + 4);
  put_u32(prelude + 4, payload_ - start_ - kPreludeBytes);
  put_u32(prelude + 8, crc32(as_bytes(std::string_view(prelude, 8))));
  char last[4];
  put_u32(last, checksum(out_, start_));
  out_.append(last, sizeof last);
}

EventFrame begin_event(std::string& out, std::string_view event_type) {
  EventFrame frame(out);
  frame.header(kMessageType, "event");
  frame.header(kEventType, event_type);
  frame.header(kContentType, kJsonContentType);
  frame.begin_payload();
  return frame;
}

void append_initial_response(std::string& out) {
  EventFrame frame = begin_event(out, "initial-response");
  out += "{}";
  frame.finish();
}

void append_exception(const Fault& fault, std::string& out) {
  EventFrame frame(out);
  frame.header(kMessageType, "exception");
  frame.header(kExceptionType, modelled_name(fault.type));
  frame.header(kContentType, kJsonContentType);
  frame.begin_payload();
  out += "{\"message\":";
  append_json_string(out, fault.message);
  out += '}';
  frame.finish();
}

void append_error(std::string_view code, std::string_view message, std::string& out) {
  EventFrame frame(out);
  frame.header(kMessageType, "error");
  frame.header(":error-code", code);
  frame.header(":error-message", shortened(message, kHeaderValueBytesMax));
  frame.begin_payload();
  frame.finish();
}

}  // namespace forebay::wire::kinesis
