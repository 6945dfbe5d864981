#include "wire/kinesis/json_value_reader.h"

#include "base/utf8.h"

namespace forebay::wire::kinesis {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

}  // namespace

void JsonReader::skip_blanks() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonReader::at_end() {
  skip_blanks();
  return at_ == end_;
}

JsonReader::Kind JsonReader::peek() {
  skip_blanks();
  if (at_ == end_) return Kind::none;
  switch (*at_) {
    case 'n': return Kind::null;
    case 't':
    case 'f': return Kind::boolean;
    case '"': return Kind::string;
    case '[': return Kind::array;
    case '{': return Kind::object;
    default: return *at_ == '-' || is_digit(*at_) ? Kind::number : Kind::none;
  }
}

bool JsonReader::take(char c) {
  skip_blanks();
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

bool JsonReader::take_word(std::string_view word) {
  skip_blanks();
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool JsonReader::read_null() {
  if (!take_word("null")) fail();
  return ok_;
}

bool JsonReader::read_boolean() {
  if (take_word("true")) return true;
  if (!take_word("false")) fail();
  return false;
}

std::string_view JsonReader::read_number() {
  skip_blanks();
  const char* const start = at_;
  const char* p = at_;
  auto digits = [&] {
    const char* const from = p;
    while (p != end_ && is_digit(*p)) ++p;
    return p != from;
  };
  if (p != end_ && *p == '-') ++p;
  const bool leading_zero = p != end_ && *p == '0';
  const char* const whole = p;
  bool good = digits() && !(leading_zero && p - whole > 1);
  if (good && p != end_ && *p == '.') {
    ++p;
    good = digits();
  }
  if (good && p != end_ && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end_ && (*p == '+' || *p == '-')) ++p;
    good = digits();
  }
  if (!good) {
    fail();
    return {};
  }
  at_ = p;
  return {start, static_cast<std::size_t>(p - start)};
}

bool JsonReader::read_hex4(std::uint32_t& code) {
  if (end_ - at_ < 4) return false;
  code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = *at_++;
    code <<= 4;
    if (is_digit(c))
      code |= static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      code |= static_cast<std::uint32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      code |= static_cast<std::uint32_t>(c - 'A' + 10);
    else
      return false;
  }
  return true;
}

bool JsonReader::read_escape(std::string& out) {
  if (at_ == end_) return false;
  switch (*at_++) {
    case '"': out += '"'; return true;
    case '\\': out += '\\'; return true;
    case '/': out += '/'; return true;
    case 'b': out += '\b'; return true;
    case 'f': out += '\f'; return true;
    case 'n': out += '\n'; return true;
    case 'r': out += '\r'; return true;
    case 't': out += '\t'; return true;
    case 'u': break;
    default: return false;
  }
  std::uint32_t code = 0;
  if (!read_hex4(code)) return false;
  if (code >= 0xd800 && code < 0xdc00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
    const char* const back = at_;
    at_ += 2;
    std::uint32_t low = 0;
    if (!read_hex4(low)) return false;
    if (low >= 0xdc00 && low < 0xe000)
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    else
      at_ = back;
  }
  append_utf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  return true;
}

void JsonReader::read_string(std::string& out) {
  out.clear();
  if (!take('"')) return fail();
  while (true) {
    const char* const start = at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) ++at_;
    out.append(start, at_);
    if (at_ == end_ || static_cast<unsigned char>(*at_) < 0x20) return fail();
    if (*at_++ == '"') break;
    if (!read_escape(out)) return fail();
  }
  if (utf8_error_position(out) != std::string_view::npos) fail();
}

void JsonReader::begin(char c) {
  if (!take(c) || ++depth_ > kDepthMax) return fail();
  first_ = true;
}

bool JsonReader::next(char close) {
  if (!ok_) return false;
  if (take(close)) {
    --depth_;
    first_ = false;
    return false;
  }
  if (!first_ && !take(',')) fail();
  first_ = false;
  return ok_;
}

void JsonReader::begin_object() { begin('{'); }
void JsonReader::begin_array() { begin('['); }

bool JsonReader::next_key(std::string& key) {
  if (!next('}')) return false;
  read_string(key);
  if (ok_ && !take(':')) fail();
  return ok_;
}

bool JsonReader::next_element() { return next(']'); }

void JsonReader::skip() {
  switch (peek()) {
    case Kind::null: read_null(); return;
    case Kind::boolean: read_boolean(); return;
    case Kind::number: read_number(); return;
    case Kind::string: read_string(scratch_); return;
    case Kind::array:
      begin_array();
      while (next_element()) skip();
      return;
    case Kind::object:
      begin_object();
      while (next_key(scratch_)) skip();
      return;
    case Kind::none: return fail();
  }
}

}  // namespace forebay::wire::kinesis
