#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>

#include "base/entropy.h"
#include "base/file_system.h"
#include "gateway/delivery/object_store.h"

namespace forebay::gateway::delivery {

/// A bucket as a folder: keys are paths below it. An object appears under its name at once and whole: it is written and
/// synced as a temporary file in the bucket's folder ".forebay-partial", then renamed without replacing, then the
/// folders are synced. Reading it needs no Forebay. Keys are also refused when they are no path: an empty part, a part
/// over 255 bytes, a part in place of an object. Threads  any.
class DirectoryStore final : public ObjectStore {
 public:
  /// Makes the folder when the first object is put. Errors  invalid_argument: the bucket's name.
  static Result<std::unique_ptr<DirectoryStore>> make(FileSystem& files, Entropy& entropy, const std::string& root,
                                                      const std::string& bucket);

  Result<PutOutcome> put(const ObjectToPut& object) override;
  Result<std::optional<Buffer>> get(std::string_view key, std::size_t bytes_max) override;
  Result<std::vector<StoredObject>> list(std::string_view prefix, std::string_view after, std::size_t limit) override;
  Result<void> remove(std::string_view key) override;
  /// Temporary files of puts that never ended; they are not told apart by prefix.
  Result<std::size_t> abort_leftovers(std::string_view prefix, std::string_view delivery, WallTime before) override;
  void cancel() override { cancelled_ = true; }

 private:
  struct Listing;
  DirectoryStore(FileSystem& files, Entropy& entropy, std::string folder)
      : files_(files), entropy_(entropy), folder_(std::move(folder)) {}

  Result<std::string> path_of(std::string_view key) const;
  Result<std::string> write_temporary(ByteView body);
  Result<PutOutcome> compare(const std::string& path, ByteView body);
  Result<void> make_folder(const std::string& folder);
  /// Syncs `top`, `folder` and all between, from above: a folder's entry is durable before what is in it. Errors of
  /// folders outside of the buckets' and with a path shorter than `strict_size` are passed over.
  Result<void> sync_down(const std::string& top, const std::string& folder, std::size_t strict_size);
  Result<void> list_folder(const std::string& folder, const std::string& key_so_far, Listing& listing);

  FileSystem& files_;
  Entropy& entropy_;
  const std::string folder_;
  std::atomic<bool> cancelled_{false};
  std::mutex mutex_;
  std::set<std::string> durable_folders_;  ///< known to be synced into their parents; bounded
};

}  // namespace forebay::gateway::delivery
