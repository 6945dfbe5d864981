#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forebay::wire::s3 {

/// What an S3 server says in place of a result. Servers differ in what they fill.
struct ErrorAnswer {
  std::string code;  ///< NoSuchKey, SlowDown, ...
  std::string message;
  std::string resource;
  std::string request_id;
  std::string endpoint;  ///< of redirects: where the bucket is
  std::string region;    ///< of AuthorizationHeaderMalformed: the right one
};

/// Empty unless the document is an <Error>: HTML of a proxy, nothing at all, or a result.
std::optional<ErrorAnswer> parse_error(std::string_view document);

}  // namespace forebay::wire::s3
