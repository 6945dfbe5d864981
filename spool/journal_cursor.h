#pragma once

#include <memory>

#include "spool/journal.h"
#include "spool/journal_index.h"

namespace forebay::spool {

/// JournalCursor over the files in an index.
class FileCursor final : public JournalCursor {
 public:
  /// `from_device`: cached pages of a file are dropped before it is read.
  FileCursor(FileSystem& files, std::shared_ptr<const JournalIndex> index, JournalPosition from,
             bool from_device = false)
      : files_(files), index_(std::move(index)), at_(from), from_device_(from_device) {}

  Result<std::optional<RecoveredEntry>> next() override;
  [[nodiscard]] std::uint64_t holes() const override { return holes_; }

 private:
  Result<bool> load_commit();
  Result<bool> enter_file(const JournalIndex::Row& row);
  Result<bool> pass_damage(const JournalIndex::Row& row);
  bool next_file(const JournalIndex::Row& row);

  FileSystem& files_;
  std::shared_ptr<const JournalIndex> index_;
  JournalPosition at_;  ///< of the next commit to load
  const bool from_device_;
  std::unique_ptr<CommitReader> reader_;
  EntryCursor entries_;
  std::uint64_t holes_ = 0;
};

}  // namespace forebay::spool
