#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/delivery/manifest.h"
#include "gateway/delivery/object_store.h"

namespace forebay::gateway::delivery {

/// Follows the chain of entries of one lane from the first one: the reader of docs/formats/manifest.md.
/// Threads  one.
class ManifestReader {
 public:
  /// Owner  `store` outlives the reader.
  ManifestReader(ObjectStore& store, SourceShard source, std::string replay)
      : store_(store), source_(std::move(source)), replay_(std::move(replay)) {}

  /// Goes on behind an entry read earlier: its index and the SHA-256 of its bytes.
  void resume(std::uint64_t next_index, std::string previous);
  /// The next entry; empty when it does not exist yet, and may be asked for again.
  /// Errors  corrupt: the entry is damaged, has another number, or does not follow the one before; those of the store.
  Result<std::optional<ManifestEntry>> next();

  [[nodiscard]] std::uint64_t next_index() const { return index_; }
  /// SHA-256 of the bytes of the entry read last, hex; what the next one's `previous` must be.
  [[nodiscard]] const std::string& previous() const { return previous_; }

 private:
  [[nodiscard]] Result<void> check(const ManifestEntry& entry, const std::string& key) const;

  ObjectStore& store_;
  SourceShard source_;
  std::string replay_;
  std::uint64_t index_ = 0;
  std::string previous_;
  std::optional<stream::Offset> last_;
};

/// An entry larger than this is not read: a cut has at most some thousand objects.
inline constexpr std::size_t kManifestEntryBytesMax = 16 << 20;

/// Compares an object's bytes with what its entry says. Errors  corrupt, with the key and what differs.
Result<void> verify_object(const ManifestEntry::Object& listed, ByteView body);

}  // namespace forebay::gateway::delivery
