#pragma once

#include <functional>

#include "base/entropy.h"
#include "base/log.h"
#include "gateway/log/catalog_store.h"
#include "gateway/log/segment_keeper.h"

namespace forebay::gateway::log {

/// Opens the catalogue's database; the composition decides which library.
using DatabaseOpener = std::function<Result<std::unique_ptr<Database>>(const std::string& path)>;

class BatchCipher;

struct RecoveryContext {
  FileSystem* files = nullptr;
  Clock* clock = nullptr;
  Entropy* entropy = nullptr;
  const LogOptions* options = nullptr;
  const DataPaths* paths = nullptr;
  std::shared_ptr<TailBudget> budget;
  DirtyShards* dirty = nullptr;
  BatchCipher* cipher = nullptr;
  DatabaseOpener open_database;
};

struct RecoveredLog {
  std::unique_ptr<spool::Journal> journal;
  spool::RecoveryReport journal_report;
  CatalogState saved;
  LaneTable lanes;
  Directory directory;
  SegmentWriters writers;
  std::uint64_t holes = 0;             ///< segments missing or short, and gaps the journal left
  std::uint64_t replayed_batches = 0;
  std::uint64_t skipped_batches = 0;   ///< already in segments
};

/// Brings the log back after any stop: the catalogue says what is durable in segments; every segment and rows file is
/// cut to that end without looking at what lies beyond (after a failed sync the page cache lies), and the rest comes
/// from the journal. Running it twice gives the same log.
/// Errors  conflict: another process; unsupported: a newer format, named; io; corrupt: damaged, or catalogue and journal
///         are not from the same moment (one of them was removed or put back alone).
Result<RecoveredLog> recover(const RecoveryContext& context, CatalogStore& store, Logger logger);

/// Opens the catalogue and, in a new data folder, saves its first state before anything else exists.
Result<CatalogStore> open_catalog(const RecoveryContext& context);

}  // namespace forebay::gateway::log
