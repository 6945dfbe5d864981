#include "wire/aws/uri.h"

#include <algorithm>

#include "base/hex.h"

namespace forebay::wire::aws {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// Calls visit(part) for the pieces between separators.
template <class Visit>
void split(std::string_view text, char separator, Visit visit) {
  while (true) {
    const std::size_t at = text.find(separator);
    visit(text.substr(0, at));
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
  }
}

}  // namespace

std::string uri_encode(std::string_view text, bool keep_slash) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::string uri_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> items;
  split(query, '&', [&](std::string_view part) {
    if (part.empty()) return;
    const std::size_t equals = part.find('=');
    items.emplace_back(uri_decode(part.substr(0, equals)),
                       equals == std::string_view::npos ? std::string() : uri_decode(part.substr(equals + 1)));
  });
  return items;
}

std::string canonical_query(std::string_view query, std::string_view skip) {
  if (query.empty()) return {};
  std::vector<std::pair<std::string, std::string>> items;
  for (const auto& [name, value] : parse_query(query))
    if (name != skip) items.emplace_back(uri_encode(name), uri_encode(value));
  std::sort(items.begin(), items.end());
  std::string out;
  for (const auto& [name, value] : items) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

std::string canonical_path(std::string_view path) {
  if (path.empty() || path == "/") return "/";
  std::vector<std::string_view> kept;
  split(path, '/', [&](std::string_view part) {
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!part.empty() && part != ".") {
      kept.push_back(part);
    }
  });
  std::string out;
  for (std::string_view part : kept) {
    out += '/';
    out += uri_encode(part);
  }
  if (out.empty() || path.back() == '/') out += '/';
  return out;
}

std::optional<UrlParts> split_url(std::string_view url) {
  UrlParts parts;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  parts.scheme = url.substr(0, colon);
  if (parts.scheme != "http" && parts.scheme != "https") return std::nullopt;
  url.remove_prefix(colon + 3);
  url = url.substr(0, url.find('#'));
  const std::size_t authority_end = std::min(url.find_first_of("/?"), url.size());
  parts.authority = url.substr(0, authority_end);
  if (parts.authority.empty() || parts.authority.find('@') != std::string_view::npos) return std::nullopt;
  const std::string_view own_port = parts.scheme == "http" ? ":80" : ":443";
  if (parts.authority.ends_with(own_port)) parts.authority.remove_suffix(own_port.size());
  url.remove_prefix(authority_end);
  const std::size_t question = url.find('?');
  parts.path = url.substr(0, question);
  if (parts.path.empty()) parts.path = "/";
  if (question != std::string_view::npos) parts.query = url.substr(question + 1);
  return parts;
}

}  // namespace forebay::wire::aws
