#pragma once

#include <string>
#include <vector>

#include "gateway/delivery/stores/s3_objects.h"

namespace forebay::gateway::delivery {

/// Puts one large object in parts, several at a time. Owner  the caller's stack, for one run(). Threads  one; it makes
/// helpers for the parts.
class S3Multipart {
 public:
  S3Multipart(S3Client& client, S3Objects& objects, const S3Object& object, std::size_t part_bytes);

  /// As ObjectStore::put(). Looks before it begins and before it completes, because servers exist that honour the
  /// condition of a plain put only. An upload that fails is aborted, as far as the server can be reached.
  Result<PutOutcome> run();

 private:
  static constexpr int kUploadsMax = 3;  ///< fresh uploads after the server lost one or met a conflict

  /// Empty: the upload is gone or in conflict; a fresh one may do better.
  Result<std::optional<PutOutcome>> run_upload();
  Result<std::string> create();
  Result<std::optional<PutOutcome>> finish(const std::string& upload_id);
  /// False: the server does not know the upload any more.
  Result<bool> upload_parts(const std::string& upload_id);
  Result<bool> upload_part(const std::string& upload_id, std::size_t index);
  void abort(const std::string& upload_id);

  S3Client& client_;
  S3Objects& objects_;
  const S3Object& object_;
  const std::size_t part_bytes_;
  std::vector<std::string> etags_;
};

}  // namespace forebay::gateway::delivery
