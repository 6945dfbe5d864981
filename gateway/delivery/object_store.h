#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

/// What became of a put that must not overwrite.
enum class PutOutcome : std::uint8_t {
  created,
  same,       ///< it was there already with equal length and checksum: an earlier attempt of ours got through
  different,  ///< something else has the name: stop and tell somebody, never overwrite
};

struct ObjectToPut {
  std::string key;
  ByteView body;  ///< borrowed until put() returns
  std::string content_type = "application/octet-stream";
  std::string content_encoding;  ///< empty: none
  std::optional<Sha256> sha256;  ///< of the body, when the caller has it already: saves a pass over it
};

struct StoredObject {
  std::string key;
  std::uint64_t size = 0;
  WallTime modified;
};

/// One bucket: S3 (s3_store.h) or a directory (directory_store.h). All calls block; retries with back-off inside are
/// short (seconds), the caller owns the long ones. Errors   unavailable: not reached, throttled, 5xx: try again later;
/// timed_out; permission: refused credentials or bucket;
///          not_found: no such bucket; invalid_argument: a key or name it cannot have; cancelled: stopping.
///          Each text names bucket, key and what the store said.
/// Threads  any, at the same time.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  /// Success  durable in the store, whole, and never instead of another object (If-None-Match: *).
  virtual Result<PutOutcome> put(const ObjectToPut& object) = 0;
  /// Empty: there is no such object. Errors  also too_large.
  virtual Result<std::optional<Buffer>> get(std::string_view key, std::size_t bytes_max) = 0;
  /// Keys behind `after` that begin with `prefix`, rising, at most `limit`.
  virtual Result<std::vector<StoredObject>> list(std::string_view prefix, std::string_view after,
                                                 std::size_t limit) = 0;
  /// Also a success when it is not there.
  virtual Result<void> remove(std::string_view key) = 0;
  /// Ends unfinished multipart uploads under `prefix` that began before `before` and are named like objects of this
  /// delivery stream; how many.
  virtual Result<std::size_t> abort_leftovers(std::string_view prefix, std::string_view delivery, WallTime before) = 0;
  /// Ends running and all later calls soon, with cancelled.
  virtual void cancel() {}
};

}  // namespace forebay::gateway::delivery
