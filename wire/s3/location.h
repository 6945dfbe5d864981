#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace forebay::wire::s3 {

/// Names and values of a query, not encoded.
using Query = std::vector<std::pair<std::string, std::string>>;

/// Where a bucket is.
class Location {
 public:
  /// `endpoint` is http(s)://HOST[:PORT], without path; path style puts the bucket into the path, else before the host.
  /// Errors  invalid_argument: endpoint or bucket name, and what it may be.
  static Result<Location> make(std::string_view endpoint, std::string_view bucket, bool path_style);

  /// URL with everything percent-encoded once, as S3 signs it, and the query sorted.
  [[nodiscard]] std::string object_url(std::string_view key, const Query& query = {}) const;
  [[nodiscard]] std::string bucket_url(const Query& query) const;
  [[nodiscard]] const std::string& bucket() const { return bucket_; }

 private:
  std::string base_;  ///< up to where the key goes, with '/'
  std::string bucket_;
};

/// Errors  invalid_argument: empty, over 1,024 bytes, not UTF-8, a control character, or a part "." or "..", which
/// servers and proxies would resolve.
Result<void> check_key(std::string_view key);
/// 1 to 255 of A-Z a-z 0-9 . _ -, not "." or "..". Errors  invalid_argument.
Result<void> check_bucket(std::string_view bucket);

}  // namespace forebay::wire::s3
