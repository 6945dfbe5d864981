#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "spool/spool_entry.h"

namespace forebay::spool {

/// Everything the spool knows but the records: a function of the journal's entries, applied in order, live as in
/// recovery. Its memory grows with lanes and files, not with records.
class SpoolState {
 public:
  /// Applies one durable entry. Errors  corrupt.
  Result<void> apply(const RecoveredEntry& entry);
  void apply_records(std::uint64_t file, const Lineage& lineage, const RecordsEntry& entry);
  /// A new file begins with a head of this very state.
  void begin_row(std::uint64_t file) { rows_.push_back({file, {}, {}}); }

  [[nodiscard]] const std::map<LaneId, LaneState>& lanes() const { return lanes_; }
  [[nodiscard]] std::map<LaneId, LaneState>& lanes() { return lanes_; }
  [[nodiscard]] const std::map<std::string, Buffer>& sources() const { return sources_; }
  [[nodiscard]] const std::map<RefusedKey, std::uint64_t>& refused() const { return refused_; }
  [[nodiscard]] std::vector<FileRow>& rows() { return rows_; }
  [[nodiscard]] const std::vector<FileRow>& rows() const { return rows_; }
  [[nodiscard]] Buffer head() const;
  /// After a crash: what an append left unfinished will be handed over again, and its pieces are never sent. Records so
  /// made void.
  std::uint64_t void_unfinished();

  /// Of all lanes, oldest lineage first.
  [[nodiscard]] std::vector<LaneStatus> statuses() const;
  /// First sequence of the lane whose record is in a file and not declared lost; last + 1 when there is none.
  [[nodiscard]] std::uint64_t first_of(const LaneId& id, const LaneState& lane) const;
  /// File to start reading at for a sequence of a lane.
  [[nodiscard]] std::uint64_t file_of(const LaneId& lane, std::uint64_t sequence) const;
  [[nodiscard]] bool settled(const FileRow& row) const;
  [[nodiscard]] std::uint64_t owed_bytes() const;
  [[nodiscard]] std::uint64_t owed_records() const;
  /// Forgets what freed files held, and drained lanes of earlier runs beyond the newest few.
  void forget_row(std::size_t index, const Lineage& current);

 private:
  void apply_head(std::uint64_t file, HeadEntry head);
  void extend_part(const LaneId& id, const RecordsEntry& entry);

  std::map<LaneId, LaneState> lanes_;
  std::map<std::string, Buffer> sources_;
  std::map<RefusedKey, std::uint64_t> refused_;
  std::vector<FileRow> rows_;
  std::optional<UnfinishedAppend> unfinished_;
};

}  // namespace forebay::spool
