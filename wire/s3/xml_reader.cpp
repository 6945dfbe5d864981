#include "wire/s3/xml_reader.h"

#include <algorithm>
#include <cstdint>

namespace forebay::wire::s3 {
namespace {

constexpr std::size_t kReferenceSizeMax = 12;

Error malformed(std::string_view what) { return Error{Errc::corrupt, "XML: " + std::string(what)}; }

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 63));
    out += static_cast<char>(0x80 | ((code >> 6) & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

/// Value of "#123" or "#x7b"; 0: no character.
std::uint32_t character_of(std::string_view reference) {
  reference.remove_prefix(1);
  const bool hex = !reference.empty() && reference.front() == 'x';
  if (hex) reference.remove_prefix(1);
  if (reference.empty()) return 0;
  std::uint32_t code = 0;
  for (const char c : reference) {
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (hex && c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (hex && c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit == 99) return 0;
    code = code * (hex ? 16 : 10) + digit;
    if (code > 0x10ffff) return 0;
  }
  return code >= 0xd800 && code < 0xe000 ? 0 : code;
}

/// Name of a tag's text without attributes and prefix.
std::string_view name_of(std::string_view tag) {
  const auto end = std::find_if(tag.begin(), tag.end(), is_space);
  tag = tag.substr(0, static_cast<std::size_t>(end - tag.begin()));
  const std::size_t colon = tag.find(':');
  return colon == std::string_view::npos ? tag : tag.substr(colon + 1);
}

/// Position of the '>' that ends a tag, outside of quoted attribute values; npos when there is none.
std::size_t tag_end(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0)
      quote = c == quote ? 0 : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '>')
      return i;
  }
  return std::string_view::npos;
}

}  // namespace

Result<XmlReader::Event> XmlReader::next() {
  if (!empty_element_.empty()) {
    const std::string_view name = std::exchange(empty_element_, {});
    open_.pop_back();
    leaf_ = false;
    return Event{Kind::close, name, {}};
  }
  for (;;) {
    FB_CHECK(take_text());
    if (rest_.empty()) {
      if (!open_.empty()) return malformed("ends inside of " + std::string(open_.back()));
      if (!root_seen_) return malformed("no element");
      return Event{};
    }
    FB_TRY(const bool skipped, skip_markup());
    if (!skipped) return take_tag();
  }
}

Result<void> XmlReader::take_text() {
  while (!rest_.empty() && rest_.front() != '<') {
    const std::size_t size = std::min(rest_.find_first_of("<&"), rest_.size());
    const std::string_view run = rest_.substr(0, size);
    if (open_.empty() && !std::all_of(run.begin(), run.end(), is_space) && run != "\xef\xbb\xbf")
      return malformed("text outside of the root element");
    if (!open_.empty()) text_.append(run);
    rest_.remove_prefix(size);
    if (!rest_.empty() && rest_.front() == '&') FB_CHECK(take_reference());
  }
  return {};
}

Result<void> XmlReader::take_reference() {
  const std::size_t end = rest_.substr(0, kReferenceSizeMax).find(';');
  if (end == std::string_view::npos) return malformed("'&' without a reference");
  const std::string_view name = rest_.substr(1, end - 1);
  if (name == "lt")
    text_ += '<';
  else if (name == "gt")
    text_ += '>';
  else if (name == "amp")
    text_ += '&';
  else if (name == "quot")
    text_ += '"';
  else if (name == "apos")
    text_ += '\'';
  else if (const std::uint32_t code = name.starts_with('#') ? character_of(name) : 0; code != 0)
    append_utf8(text_, code);
  else
    return malformed("unknown reference &" + std::string(name) + ";");
  rest_.remove_prefix(end + 1);
  return {};
}

/// Passes over <?...?> and comments and takes <![CDATA[...]]>; false when an element's tag stands here.
Result<bool> XmlReader::skip_markup() {
  const auto past = [&](std::string_view end) -> Result<std::string_view> {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) return malformed("'" + std::string(rest_.substr(0, 4)) + "' without an end");
    const std::string_view inside = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return inside;
  };
  if (rest_.starts_with("<?")) {
    FB_CHECK(past("?>"));
    return true;
  }
  if (rest_.starts_with("<!--")) {
    FB_CHECK(past("-->"));
    return true;
  }
  if (rest_.starts_with("<![CDATA[") && !open_.empty()) {
    FB_TRY(const std::string_view inside, past("]]>"));
    text_.append(inside.substr(9));
    return true;
  }
  if (rest_.starts_with("<!")) return malformed("a document type or declaration");
  return false;
}

Result<XmlReader::Event> XmlReader::take_tag() {
  const std::size_t end = tag_end(rest_);
  if (end == std::string_view::npos) return malformed("a tag without '>'");
  std::string_view tag = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  if (tag.starts_with('/')) return close_tag(tag.substr(1));
  const bool empty = tag.ends_with('/');
  if (empty) tag.remove_suffix(1);
  const std::string_view name = name_of(tag);
  if (name.empty()) return malformed("a tag without a name");
  if (open_.empty() && root_seen_) return malformed("a second root element");
  if (open_.size() >= kDepthMax) return malformed("nested too deeply");
  root_seen_ = true;
  open_.push_back(name);
  text_.clear();
  leaf_ = true;
  if (empty) empty_element_ = name;
  return Event{Kind::open, name, {}};
}

Result<XmlReader::Event> XmlReader::close_tag(std::string_view tag) {
  const std::string_view name = name_of(tag);
  if (open_.empty() || open_.back() != name) return malformed("</" + std::string(name) + "> closes nothing");
  open_.pop_back();
  Event event{Kind::close, name, leaf_ ? std::move(text_) : std::string()};
  text_.clear();
  leaf_ = false;
  return event;
}

std::string xml_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out.append("&#").append(std::to_string(c)).append(";");
        else
          out += c;
    }
  }
  return out;
}

}  // namespace forebay::wire::s3
