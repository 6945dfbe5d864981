#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/delivery/object_store.h"
#include "gateway/delivery/stores/s3_client.h"
#include "wire/s3/location.h"

namespace forebay::gateway::delivery {

/// An object about to be put, with its digest.
struct S3Object {
  std::string_view key;
  ByteView body;
  Sha256 sha256{};
  std::string_view content_type;
  std::string_view content_encoding;
};

/// Calls on whole objects of one bucket. Threads  any.
class S3Objects {
 public:
  /// Header that carries our digest, in hex: the ETag is none for multipart objects and encrypted buckets.
  static constexpr const char* kDigestHeader = "x-amz-meta-forebay-sha256";

  /// `conditional`: puts say If-None-Match; see S3StoreOptions.
  S3Objects(S3Client& client, const wire::s3::Location& location, bool conditional)
      : client_(client), location_(location), conditional_(conditional) {}

  /// Empty: nothing has that key. Else whether it is this very object: equal length and digest, from its metadata or,
  /// when somebody else wrote it, from its bytes.
  Result<std::optional<PutOutcome>> compare(const S3Object& object);
  /// With If-None-Match, when puts are conditional; without it otherwise only when the store has said three times over
  /// that the name is taken and that nothing is there, as one does that was killed between writing metadata and data.
  Result<PutOutcome> put(const S3Object& object);
  Result<std::optional<Buffer>> get(std::string_view key, std::size_t bytes_max);
  Result<void> remove(std::string_view key);

  [[nodiscard]] bool conditional() const { return conditional_; }
  /// A call with error texts of this bucket.
  [[nodiscard]] S3Call call(const char* method, std::string_view key, const char* verb,
                            const wire::s3::Query& query = {}) const;
  /// Metadata headers of an object that is put.
  static void add_headers(S3Call& call, const S3Object& object);
  /// Errors  not_found.
  [[nodiscard]] Error no_bucket(const HttpResponse& response) const;

 private:
  Result<bool> has_same_bytes(const S3Object& object);

  S3Client& client_;
  const wire::s3::Location& location_;
  const bool conditional_;
};

}  // namespace forebay::gateway::delivery
