#include "agent/transform/json_field.h"

#include <cstring>

namespace forebay::agent {

namespace {

class Cursor {
 public:
  explicit Cursor(ByteView json) : text_(as_text(json)) {}

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    skip_space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // The raw inside of a string, escapes untouched. The opening quote is next.
  bool raw_string(std::string_view& raw) {
    if (!take('"')) return false;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return false;
    raw = text_.substr(begin, at_ - begin);
    ++at_;
    return true;
  }

  bool skip_value() {
    int depth = 0;
    do {
      skip_space();
      std::string_view ignored;
      switch (peek()) {
        case '\0': return false;
        case '"':
          if (!raw_string(ignored)) return false;
          break;
        case '{': case '[':
          if (++depth > 64) return false;
          ++at_;
          break;
        case '}': case ']':
          if (--depth < 0) return false;
          ++at_;
          break;
        case ',': case ':':
          if (depth == 0) return false;
          ++at_;
          break;
        default: scalar();
      }
    } while (depth > 0);
    return true;
  }

  std::string_view scalar() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::strchr(",:]}[{\" \t\r\n", text_[at_]) == nullptr) ++at_;
    if (at_ == begin) ++at_;  // a stray byte: never stand still
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    out.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

bool hex4(std::string_view text, std::uint32_t& value) {
  if (text.size() < 4) return false;
  value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return false;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return true;
}

// `at` is the "u" of an escape; leaves it on the last character used.
bool unicode_escape(std::string_view raw, std::size_t& at, std::string& out) {
  std::uint32_t code = 0;
  if (!hex4(raw.substr(at + 1), code)) return false;
  at += 4;
  std::uint32_t low = 0;
  if (code >= 0xD800 && code < 0xDC00 && raw.substr(at + 1, 2) == "\\u" && hex4(raw.substr(at + 3), low) &&
      low >= 0xDC00 && low < 0xE000) {
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    at += 6;
  }
  append_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
  return true;
}

bool unescape(std::string_view raw, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out.push_back(raw[i]);
      continue;
    }
    if (++i == raw.size()) return false;
    switch (raw[i]) {
      case '"': case '\\': case '/': out.push_back(raw[i]); break;
      case 'b': out.push_back('\b'); break;
      case 'f': out.push_back('\f'); break;
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 't': out.push_back('\t'); break;
      case 'u':
        if (!unicode_escape(raw, i, out)) return false;
        break;
      default: return false;
    }
  }
  return true;
}

bool is_name(std::string_view raw, const std::string& name, std::string& scratch) {
  if (raw.find('\\') == std::string_view::npos) return raw == name;
  return unescape(raw, scratch) && scratch == name;
}

// Enters the object that is next and stops before the value of `name`.
bool enter(Cursor& cursor, const std::string& name, std::string& scratch) {
  if (!cursor.take('{')) return false;
  std::string_view raw;
  while (cursor.raw_string(raw) && cursor.take(':')) {
    if (is_name(raw, name, scratch)) return true;
    if (!cursor.skip_value() || !cursor.take(',')) return false;
  }
  return false;
}

}  // namespace

bool find_json_field(ByteView json, const std::vector<std::string>& names, std::string& out) {
  Cursor cursor(json);
  for (const std::string& name : names)
    if (!enter(cursor, name, out)) return false;
  cursor.skip_space();
  std::string_view raw;
  switch (cursor.peek()) {
    case '"': return cursor.raw_string(raw) && unescape(raw, out);
    case '{': case '[': case '}': case ']': case ',': case ':': case '\0': return false;
    default: break;
  }
  raw = cursor.scalar();
  if (raw == "null") return false;
  const bool number = raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9');
  if (!number && raw != "true" && raw != "false") return false;
  out.assign(raw);
  return true;
}

}  // namespace forebay::agent
