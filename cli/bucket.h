#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "cli/session.h"

namespace forebay::cli {

struct BucketObject {
  std::string key;
  std::uint64_t size = 0;
  WallTime modified;
};

/// A bucket that is read: of an S3 store or a folder with the same keys.
/// Errors   of every call: not_found: no such bucket; permission; unavailable; timed_out; cancelled; corrupt: an answer
///          that cannot be. Each names the bucket.
/// Threads  one.
class Bucket {
 public:
  using Each = std::function<Result<void>(const BucketObject&)>;

  virtual ~Bucket() = default;
  /// Calls `each` for every key that begins with `prefix`, rising; its error ends the listing and is the result.
  virtual Result<void> list(const std::string& prefix, const Each& each) = 0;
  /// Empty: there is no such object. Errors  also too_large.
  virtual Result<std::optional<Buffer>> get(const std::string& key, std::uint64_t bytes_max) = 0;
  /// Its size; empty: there is no such object.
  virtual Result<std::optional<std::uint64_t>> size(const std::string& key) = 0;
};

/// `url`  file:///DIR, s3://BUCKET[/], or a folder's path. S3: the endpoint of --endpoint, AWS_ENDPOINT_URL_S3 or
/// AWS_ENDPOINT_URL, else Amazon's; the region and keys of the flags or of AWS_*; without keys requests go unsigned.
/// Errors  invalid_argument: the URL or a setting; not_found: no such folder.
Result<std::unique_ptr<Bucket>> open_bucket(Session& session, const std::string& url);

}  // namespace forebay::cli
