#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace forebay::wire::s3 {

/// Bound of the service.
inline constexpr std::size_t kPartsMax = 10'000;

/// Upload id out of an answer to CreateMultipartUpload. Errors  corrupt.
Result<std::string> parse_upload_id(std::string_view document);

/// Body of CompleteMultipartUpload; `etags` in the order of the parts, as the server gave them (quotes included).
std::string complete_body(std::span<const std::string> etags);

/// True when the answer to CompleteMultipartUpload is a result. The status alone says nothing: a 200 may carry an
/// error.
bool is_complete_result(std::string_view document);

}  // namespace forebay::wire::s3
