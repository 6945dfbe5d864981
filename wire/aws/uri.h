#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Encoding rules of URIs as Signature Version 4 wants them (RFC 3986, upper-case hex).
namespace forebay::wire::aws {

/// Percent-encodes everything but A-Z a-z 0-9 - . _ ~ (and '/', when kept).
std::string uri_encode(std::string_view text, bool keep_slash = false);

/// Decodes %XX; a '%' that starts no valid pair stays as it is. '+' stays '+'.
std::string uri_decode(std::string_view text);

/// Decoded names and values of a query (without '?'), in order; a name without '=' has an empty value.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

/// Encoded pairs sorted by name, then value, joined by '&'; pairs named `skip` are left out.
std::string canonical_query(std::string_view query, std::string_view skip);

/// Path as on the request line with "//", "." and ".." resolved and encoded once more (every service but S3).
std::string canonical_path(std::string_view path);

/// Views into a URL of http or https.
struct UrlParts {
  std::string_view scheme;
  std::string_view authority;  ///< host, and port unless it is the scheme's own: the value of the Host header
  std::string_view path;       ///< "/" when the URL has none
  std::string_view query;      ///< without '?'; a fragment is dropped
};
/// Empty unless `url` is http://host... or https://host... without user name.
std::optional<UrlParts> split_url(std::string_view url);

}  // namespace forebay::wire::aws
