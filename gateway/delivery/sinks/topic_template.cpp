#include "gateway/delivery/sinks/topic_template.h"

#include "base/utf8.h"

namespace forebay::gateway::delivery {
namespace {

// MQTT's limit is 65,535; a key has at most 256 characters, which may each become twelve bytes.
constexpr std::size_t kTemplateBytesMax = 1024;

void append_encoded(std::string& out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

bool is_special(char c) { return c < ' ' || c == '\x7f' || c == '/' || c == '+' || c == '#' || c == '%'; }

/// Control characters beyond ASCII and code points that stand for no character: brokers refuse topics with them.
bool is_refused(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  const std::size_t last = sequence.size() - 1;
  const bool ends_in_fffe = byte(last) >= 0xbe && byte(last - 1) == 0xbf;
  if (sequence.size() == 4) return ends_in_fffe && (byte(1) & 0x0f) == 0x0f;
  return byte(0) == 0xef && (ends_in_fffe || (byte(1) == 0xb7 && byte(2) >= 0x90 && byte(2) <= 0xaf));
}

void append_key(std::string& out, std::string_view key) {
  const bool begins_topic = out.empty();
  if (key.empty()) out += '%';  // alone it stands for nothing else; a topic must not be empty
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t size = utf8_sequence_size(key.substr(at));
    const std::string_view sequence = key.substr(at, size == 0 ? 1 : size);
    const bool plain = size == 1 ? !is_special(key[at]) && !(key[at] == '$' && at == 0 && begins_topic)
                                 : size > 1 && !is_refused(sequence);
    if (plain)
      out += sequence;
    else
      append_encoded(out, sequence);
    at += sequence.size();
  }
}

Error wrong(const char* sentence) { return Error{Errc::invalid_argument, std::string("the topic ") + sentence}; }

}  // namespace

Result<TopicTemplate> TopicTemplate::compile(std::string_view text) {
  if (text.empty()) return wrong("is missing: mqtt://HOST:PORT/TOPIC");
  if (text.size() > kTemplateBytesMax) return wrong("is longer than 1024 bytes");
  if (text.find_first_of("+#") != std::string_view::npos) return wrong("must be without the wildcards + and #");
  if (text.find('\0') != std::string_view::npos || utf8_error_position(text) != std::string_view::npos)
    return wrong("must be UTF-8 without NUL");
  TopicTemplate out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) out.parts_.push_back({Part::Kind::text, std::string(text.substr(0, open))});
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    if (text.starts_with("{key}"))
      out.parts_.push_back({Part::Kind::key, {}});
    else if (text.starts_with("{shard}"))
      out.parts_.push_back({Part::Kind::shard, {}});
    else
      return wrong("may hold {key} and {shard}, nothing else in braces");
    text.remove_prefix(text.find('}') + 1);
  }
  return out;
}

std::string TopicTemplate::expand(std::string_view key, std::string_view shard_id) const {
  std::string topic;
  for (const Part& part : parts_) {
    if (part.kind == Part::Kind::key)
      append_key(topic, key);
    else
      topic += part.kind == Part::Kind::shard ? shard_id : std::string_view(part.text);
  }
  return topic;
}

}  // namespace forebay::gateway::delivery
