#include "gateway/delivery/objects/compact_json.h"

#include "wire/kinesis/json_text.h"

namespace forebay::gateway::delivery {
namespace {

using wire::kinesis::JsonReader;

void append_object(JsonReader& in, std::string& out) {
  char before = '{';
  std::string key;
  in.begin_object();
  while (in.next_key(key)) {
    out += before;
    before = ',';
    wire::kinesis::append_json_string(out, key);
    out += ':';
    append_compact_json(in, out);
  }
  if (before == '{') out += '{';
  out += '}';
}

void append_array(JsonReader& in, std::string& out) {
  char before = '[';
  in.begin_array();
  while (in.next_element()) {
    out += before;
    before = ',';
    append_compact_json(in, out);
  }
  if (before == '[') out += '[';
  out += ']';
}

}  // namespace

void append_compact_json(JsonReader& in, std::string& out) {
  std::string text;
  switch (in.peek()) {
    case JsonReader::Kind::string: in.read_string(text); return wire::kinesis::append_json_string(out, text);
    case JsonReader::Kind::number: out += in.read_number(); return;
    case JsonReader::Kind::boolean: out += in.read_boolean() ? "true" : "false"; return;
    case JsonReader::Kind::object: return append_object(in, out);
    case JsonReader::Kind::array: return append_array(in, out);
    default: out += "null"; in.skip();
  }
}

}  // namespace forebay::gateway::delivery
