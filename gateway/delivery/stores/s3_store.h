#pragma once

#include <memory>
#include <string>

#include "gateway/delivery/object_store.h"
#include "gateway/delivery/stores/s3_client.h"
#include "gateway/delivery/stores/s3_objects.h"
#include "wire/s3/location.h"

namespace forebay::gateway::delivery {

struct S3StoreOptions {
  std::size_t part_bytes = 16u << 20;  ///< servers refuse less than 5 MiB; grows where 10,000 parts would not do
  std::size_t multipart_above_bytes = 16u << 20;
  /// False for a store that ignores If-None-Match or refuses a put with it: put() looks first and says no condition, so
  /// an object that is there stays; two writers at the same moment are then not kept apart.
  bool conditional_put = true;
};

/// A bucket of any server that speaks S3: AWS, Ceph, MinIO, and others.
/// Large objects go up in parts. Each object carries its SHA-256 as metadata (x-amz-meta-forebay-sha256); with it a put
/// that meets an object tells an earlier attempt of its own from something else.
/// Threads  any.
class S3Store final : public ObjectStore {
 public:
  S3Store(wire::s3::Location location, std::unique_ptr<S3Client> client, S3StoreOptions options = {});

  Result<PutOutcome> put(const ObjectToPut& object) override;
  Result<std::optional<Buffer>> get(std::string_view key, std::size_t bytes_max) override;
  Result<std::vector<StoredObject>> list(std::string_view prefix, std::string_view after, std::size_t limit) override;
  Result<void> remove(std::string_view key) override;
  Result<std::size_t> abort_leftovers(std::string_view prefix, std::string_view delivery, WallTime before) override;
  void cancel() override { client_->cancel(); }

 private:
  const wire::s3::Location location_;
  const std::unique_ptr<S3Client> client_;
  S3Objects objects_;
  const S3StoreOptions options_;
};

}  // namespace forebay::gateway::delivery
