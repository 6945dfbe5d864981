#include "gateway/delivery/objects/log_envelope.h"

#include <optional>

#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::JsonReader;

/// The member "message" of one event; empty when it has none.
std::optional<std::string> read_event(JsonReader& in) {
  std::optional<std::string> message;
  std::string key;
  in.begin_object();
  while (in.next_key(key)) {
    if (key == "message" && in.peek() == JsonReader::Kind::string)
      in.read_string(message.emplace());
    else
      in.skip();
  }
  return message;
}

struct Envelope {
  std::string type;
  std::vector<std::string> messages;
  bool has_events = false;
  bool complete = true;  ///< every event has a message
  bool too_many = false;
};

void read_events(JsonReader& in, std::size_t messages_max, Envelope& out) {
  out.has_events = true;
  in.begin_array();
  while (in.next_element()) {
    auto message = read_event(in);
    if (!message) out.complete = false;
    if (out.messages.size() == messages_max) out.too_many = true;
    if (message && !out.too_many) out.messages.push_back(*std::move(message));
  }
}

Envelope read_envelope(JsonReader& in, std::size_t messages_max) {
  Envelope out;
  std::string key;
  in.begin_object();
  while (in.next_key(key)) {
    if (key == "messageType" && in.peek() == JsonReader::Kind::string)
      in.read_string(out.type);
    else if (key == "logEvents")
      read_events(in, messages_max, out);
    else
      in.skip();
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> read_log_messages(std::string_view json, std::size_t messages_max) {
  JsonReader in(json);
  Envelope envelope = read_envelope(in, messages_max);
  if (!in.ok() || !in.at_end()) return Error{Errc::corrupt, "no JSON object of CloudWatch Logs"};
  if (envelope.type == "CONTROL_MESSAGE") return std::vector<std::string>();
  if (envelope.type != "DATA_MESSAGE" || !envelope.has_events || !envelope.complete)
    return Error{Errc::corrupt, "no messageType DATA_MESSAGE with logEvents that have a message each"};
  if (envelope.too_many) return Error{Errc::too_large, "more than " + std::to_string(messages_max) + " log events"};
  return std::move(envelope.messages);
}

}  // namespace forebay::gateway::delivery
