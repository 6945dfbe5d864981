#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "spool/commit_reader.h"

namespace forebay::spool {

/// The files of an open journal as readers see them: which exist and how far each one is durable.
/// Threads  any.
class JournalIndex {
 public:
  struct Row {
    std::string path;
    CommitReader::FileTraits traits;           ///< limit: durable end for the file being written, else its size
    std::optional<std::uint64_t> last_commit;  ///< nothing after this one counts; 0: no commit counts; empty: not known
    std::uint64_t bytes = 0;                   ///< on disk
  };

  void put(Row row) {
    std::lock_guard lock(mutex_);
    const std::uint64_t number = row.traits.number;
    rows_.insert_or_assign(number, std::move(row));
  }
  /// Publishes a durable commit of the file being written.
  void advance(std::uint64_t number, std::uint64_t last_commit, std::uint64_t limit) {
    std::lock_guard lock(mutex_);
    Row& row = rows_.at(number);
    row.last_commit = last_commit;
    row.traits.limit = limit;
  }
  void erase(std::uint64_t number) {
    std::lock_guard lock(mutex_);
    rows_.erase(number);
  }
  [[nodiscard]] std::optional<Row> at_or_after(std::uint64_t number) const {
    std::lock_guard lock(mutex_);
    const auto found = rows_.lower_bound(number);
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::map<std::uint64_t, Row> all() const {
    std::lock_guard lock(mutex_);
    return rows_;
  }
  [[nodiscard]] std::uint64_t bytes() const {
    std::lock_guard lock(mutex_);
    std::uint64_t total = 0;
    for (const auto& [number, row] : rows_) total += row.bytes;
    return total;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Row> rows_;
};

}  // namespace forebay::spool
