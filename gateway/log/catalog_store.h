#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/database.h"
#include "gateway/log/attributes.h"
#include "gateway/log/definition.h"
#include "gateway/log/segment_info.h"
#include "spool/journal.h"

namespace forebay::gateway::log {

/// A segment as the catalogue records it: durable up to `extent`.
struct CatalogSegment {
  SegmentIdentity identity;
  WallTime created;
  bool closed = false;
  SegmentInfo::Extent extent;
};

struct CatalogShard {
  ShardId id;
  Offset start;
  Offset end;  ///< checkpointed: everything before it is durable in segments
  WallTime last_arrival;
  std::vector<CatalogSegment> segments;  ///< by base
};

/// Format of the catalogue; kSealedFormat once anything was encrypted, so that a gateway which knows nothing of it
/// refuses the data folder instead of storing open what is to be encrypted.
inline constexpr std::uint64_t kCatalogFormat = 1;
inline constexpr std::uint64_t kSealedCatalogFormat = 2;

struct CatalogState {
  std::uint64_t format = kCatalogFormat;
  bool is_new = false;  ///< nothing was ever saved
  spool::JournalPosition applied;  ///< everything before it is contained
  std::uint64_t timeline = 1;
  StreamId next_stream{1};
  std::uint64_t lanes_generation = 0;  ///< 0: no snapshot yet
  std::vector<StreamDefinition> streams;
  std::vector<CatalogShard> shards;
  std::map<StreamId, Attributes> attributes;
  std::map<std::string, Attributes, std::less<>> accounts;
};

/// The catalogue's tables: a projection of the journal with the position it has applied.
/// Threads  one caller at a time.
class CatalogStore {
 public:
  /// Creates missing tables. Errors  unsupported: a newer format; corrupt; io.
  static Result<CatalogStore> open(std::unique_ptr<Database> database);
  Result<CatalogState> load();

  /// One checkpoint: begin(), the changes, commit().
  Result<void> begin() { return database_->begin(); }
  Result<void> save(const StreamDefinition& stream);
  Result<void> remove_stream(StreamId stream);
  /// Replaces all attributes of a stream, or (stream 0) of an account.
  Result<void> save(StreamId stream, std::string_view account, const Attributes& attributes);
  Result<void> save(const CatalogShard& shard);  ///< without its segments
  Result<void> remove_shard(ShardId shard);      ///< and its segments
  Result<void> save(const CatalogSegment& segment);
  Result<void> remove(const SegmentIdentity& segment);
  Result<void> save_progress(const CatalogState& state);
  /// Success  durable.
  Result<void> commit() { return database_->commit(); }
  void rollback() { (void)database_->rollback(); }

 private:
  explicit CatalogStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  Result<void> load_attributes(CatalogState& state);
  Result<void> run(std::string_view sql, std::initializer_list<DatabaseValue> parameters);

  std::unique_ptr<Database> database_;
};

}  // namespace forebay::gateway::log
