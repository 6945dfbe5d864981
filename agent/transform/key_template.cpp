#include "agent/transform/key_template.h"

#include <charconv>

#include "agent/transform/json_field.h"
#include "base/utf8.h"

namespace forebay::agent {

namespace {

constexpr std::size_t kKeyCharactersMax = 256;  // the service's own limit, in characters

Error bad(std::size_t column, const std::string& what) {
  return Error{Errc::invalid_argument, "key template, column " + std::to_string(column) + ": " + what};
}

void make_valid(std::string& key) {
  std::size_t ascii = 0;
  while (ascii < key.size() && static_cast<std::uint8_t>(key[ascii]) < 0x80) ++ascii;
  if (ascii == key.size()) {
    if (key.size() > kKeyCharactersMax) key.resize(kKeyCharactersMax);
    return;
  }
  std::string out;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < key.size() && characters < kKeyCharactersMax; ++characters) {
    const std::size_t size = utf8_sequence_size(std::string_view(key).substr(at));
    if (size == 0) out += "\xEF\xBF\xBD";
    else out.append(key, at, size);
    at += size == 0 ? 1 : size;
  }
  key = std::move(out);
}

std::string_view topic_level(std::string_view topic, std::size_t level) {
  for (std::size_t i = 0; i < level; ++i) {
    const std::size_t slash = topic.find('/');
    if (slash == std::string_view::npos) return {};
    topic.remove_prefix(slash + 1);
  }
  return topic.substr(0, topic.find('/'));
}

}  // namespace

Result<KeyTemplate> KeyTemplate::compile(std::string_view text) {
  if (text.empty()) return bad(1, "the template is empty; use \"{device}\"");
  KeyTemplate result;
  result.parts_.clear();
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) result.parts_.push_back(Part{Field::literal, literal, 0, {}});
    literal.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c == '{' || c == '}') && text.substr(i + 1, 1) == std::string_view(&c, 1)) {
      literal.push_back(c);
      ++i;
    } else if (c == '}') {
      return bad(i + 1, "'}' without '{'; write \"}}\" for a brace");
    } else if (c != '{') {
      literal.push_back(c);
    } else {
      const std::size_t close = text.find('}', i);
      if (close == std::string_view::npos) return bad(i + 1, "'{' is not closed; write \"{{\" for a brace");
      end_literal();
      FB_TRY(Part part, compile_field(text.substr(i + 1, close - i - 1), i + 2));
      result.needs_data_ = result.needs_data_ || part.field == Field::json;
      result.parts_.push_back(std::move(part));
      i = close;
    }
  }
  end_literal();
  return result;
}

Result<KeyTemplate::Part> KeyTemplate::compile_field(std::string_view name, std::size_t column) {
  Part part;
  if (name == "device") part.field = Field::device;
  else if (name == "path") part.field = Field::path;
  else if (name == "file") part.field = Field::file;
  else if (name == "topic") part.field = Field::topic;
  else if (name.starts_with("topic[") && name.ends_with("]")) {
    part.field = Field::topic_level;
    const std::string_view digits = name.substr(6, name.size() - 7);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), part.level);
    if (failed != std::errc() || end != digits.data() + digits.size() || part.level > 255)
      return bad(column + 6, "a topic level is a number from 0 to 255, not \"" + std::string(digits) + "\"");
  } else if (name.starts_with("json:")) {
    part.field = Field::json;
    std::string_view rest = name.substr(5);
    for (bool more = true; more;) {
      const std::size_t dot = rest.find('.');
      if (rest.substr(0, dot).empty())
        return bad(column + 5, "\"{" + std::string(name) + "}\" has an empty field name");
      part.names.emplace_back(rest.substr(0, dot));
      more = dot != std::string_view::npos;
      if (more) rest.remove_prefix(dot + 1);
    }
  } else {
    return bad(column, "unknown field \"{" + std::string(name) +
                           "}\"; known are {device}, {path}, {file}, {topic}, {topic[N]}, {json:field}");
  }
  return part;
}

bool KeyTemplate::append_part(const Part& part, const KeyFacts& facts, std::string& out) {
  std::string_view value;
  switch (part.field) {
    case Field::literal: out += part.text; return true;
    case Field::device: out += facts.device; return true;
    case Field::path: value = facts.path; break;
    case Field::file: value = facts.path.substr(facts.path.rfind('/') + 1); break;
    case Field::topic: value = facts.topic; break;
    case Field::topic_level: value = topic_level(facts.topic, part.level); break;
    case Field::json:
      if (find_json_field(facts.data, part.names, scratch_)) value = scratch_;
      break;
  }
  out += value;
  return !value.empty();
}

void KeyTemplate::expand(const KeyFacts& facts, std::string& out) {
  out.clear();
  for (const Part& part : parts_) {
    if (append_part(part, facts, out)) continue;
    ++missing_;
    out += facts.device;
  }
  if (out.empty()) out = facts.device;
  make_valid(out);
  if (out.empty()) out = "-";
}

}  // namespace forebay::agent
