#pragma once

#include <deque>
#include <mutex>
#include <set>

#include "spool/gap_record.h"
#include "spool/lane_reader.h"
#include "spool/spool.h"
#include "spool/spool_limit.h"
#include "spool/spool_state.h"

namespace forebay::spool {

/// Entries of one commit, with the bytes they own.
class StagedCommit {
 public:
  void add(EntryType type, Buffer content) {
    owned_.push_back(std::move(content));
    add_parts(type, {ByteView(owned_.back())});
  }
  /// `records` must outlive the commit.
  void add_records(const RecordsEntry& entry) {
    owned_.push_back(encode_records_prefix(entry));
    add_parts(EntryType::records, {ByteView(owned_.back()), entry.records});
  }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  /// Valid until the next change.
  std::span<const JournalEntry> entries() {
    entries_.clear();
    for (const Item& item : items_) entries_.push_back({item.type, std::span(item.parts)});
    return entries_;
  }
  [[nodiscard]] std::uint64_t bytes() const {
    std::uint64_t total = 128;
    for (const Item& item : items_) {
      total += 8;
      for (const ByteView part : item.parts) total += part.size();
    }
    return total;
  }

 private:
  struct Item {
    std::uint16_t type = 0;
    std::vector<ByteView> parts;
  };
  void add_parts(EntryType type, std::vector<ByteView> parts) {
    items_.push_back({static_cast<std::uint16_t>(type), std::move(parts)});
  }

  std::deque<Buffer> owned_;
  std::vector<Item> items_;
  std::vector<JournalEntry> entries_;
};

/// Spool on one journal. Split over files by task: spool.cpp (open, state), spool_append.cpp, spool_upload.cpp,
/// spool_space.cpp (limits, freeing, dropping).
class SpoolImpl final : public Spool {
 public:
  SpoolImpl(FileSystem& files, Clock& clock, Logger logger, std::string path, const SpoolOptions& options)
      : files_(files),
        clock_(clock),
        logger_(logger),
        path_(std::move(path)),
        options_(options),
        sizes_(spool_sizes(options)) {}
  Result<void> start(Entropy& entropy);

  Result<void> append(std::span<const RecordChunk> chunks) override;
  Result<void> move(const RecordChunk& chunk, const LaneId& from, std::uint64_t through) override;
  [[nodiscard]] std::map<std::string, Buffer> source_positions() const override;
  void forget_source(const std::string& source) override;
  [[nodiscard]] const Lineage& lineage() const override { return journal_->lineage(); }
  [[nodiscard]] std::vector<LaneStatus> lanes() const override;
  Result<std::optional<SealedBatch>> next_batch(const LaneId& lane, std::uint64_t after,
                                                const BatchLimits& limits) override;
  Result<void> acknowledge(const LaneId& lane, std::uint64_t through, std::uint64_t incarnation) override;
  Result<void> lower_acknowledged(const LaneId& lane, std::uint64_t through) override;
  Result<void> declare_gap(const Gap& gap) override;
  void forget_closed(std::uint64_t through) override;
  Result<bool> scrub(std::uint64_t bytes_max) override;
  [[nodiscard]] Usage usage() const override;
  [[nodiscard]] const RecoveryReport& recovery_report() const override { return report_; }
  Result<void> close() override;

 private:
  enum class Room : std::uint8_t { ready, refuse };
  struct Piece {
    const RecordChunk* chunk = nullptr;
    bool last = true;    ///< carries the source position
    bool split = false;  ///< of a chunk with a position that is too large for one commit
  };

  Result<void> forget_missing_files();

  // Commits.
  Result<void> commit(StagedCommit& staged);
  Result<void> commit_control(StagedCommit& staged);
  Result<void> begin_file(std::uint64_t file_bytes);
  Result<void> begin_control_file(std::uint64_t bytes, bool over_limit);
  void add_pending(StagedCommit& staged);

  // Append.
  Result<void> append_locked(std::span<const RecordChunk> chunks);
  Result<void> check_records(std::span<const RecordChunk> chunks) const;
  [[nodiscard]] std::vector<Piece> split(std::span<const RecordChunk> chunks, std::deque<RecordChunk>& parts) const;
  Result<void> append_group(std::span<const Piece> group);
  Result<void> declare_refusals();
  Result<void> refuse_group(std::span<const Piece> group);
  [[nodiscard]] bool blocked(std::span<const Piece> pieces);
  void stage_refusals(StagedCommit& staged, std::deque<RecordChunk>& chunks,
                      std::map<std::string, std::uint64_t>& next);
  void stage_piece(StagedCommit& staged, const Piece& piece, std::map<std::string, std::uint64_t>& next) const;
  std::uint64_t& next_sequence(const std::string& stream, std::map<std::string, std::uint64_t>& next) const;
  void stage_records(StagedCommit& staged, const RecordChunk& chunk, bool with_position, std::uint64_t lost,
                     std::map<std::string, std::uint64_t>& next) const;

  // Upload.
  Result<LaneReader*> reader_at(const LaneId& lane, std::uint64_t sequence);
  Result<std::optional<SealedBatch>> resend(const LaneId& id, const Seal& seal);
  Result<std::optional<SealedBatch>> seal_new(const LaneId& id, std::uint64_t first, const BatchLimits& limits,
                                              bool& retry);
  Result<bool> declare_owed(const LaneId& lane, SequenceRange range, const std::string& reason);
  Result<void> declare(const LaneId& lane, SequenceRange range, const std::string& source, const std::string& reason);
  std::uint64_t stage_gap(StagedCommit& staged, std::deque<RecordChunk>& chunks,
                          std::map<std::string, std::uint64_t>& next, const LaneId& lane, SequenceRange range,
                          const std::string& source, const std::string& reason);
  void stage_gap_record(StagedCommit& staged, std::deque<RecordChunk>& chunks,
                        std::map<std::string, std::uint64_t>& next, const std::string& stream, const GapRecord& gap);

  // Space.
  Result<Room> make_room(std::uint64_t bytes);
  [[nodiscard]] bool fits_current(std::uint64_t bytes) const;
  [[nodiscard]] bool ready_for(std::uint64_t bytes) const;
  [[nodiscard]] std::uint64_t files_in_use() const;
  Result<bool> data_file_allowed();
  /// Files that records may use just now.
  [[nodiscard]] std::uint64_t data_files_max() const { return moving_ ? sizes_.files_max : sizes_.data_files_max; }
  Result<void> free_settled(bool all);
  Result<void> persist_acknowledgements();
  Result<bool> drop_oldest();
  [[nodiscard]] std::optional<std::size_t> choose_victim() const;
  [[nodiscard]] bool pinned(const FileRow& row) const;
  Result<void> free_row(std::size_t index);

  FileSystem& files_;
  Clock& clock_;
  Logger logger_;
  std::string path_;
  SpoolOptions options_;
  SpoolSizes sizes_;
  mutable std::mutex mutex_;
  std::unique_ptr<Journal> journal_;
  RecoveryReport report_;
  SpoolState state_;
  bool file_open_ = false;         ///< this run has a file that begins with a head
  bool moving_ = false;            ///< move() runs
  std::set<LaneId> unsaved_acks_;  ///< acknowledged in memory, saved with the next commit
  SteadyTime acks_saved_at_{};
  std::vector<std::string> unsaved_forgets_;
  std::uint64_t refused_pieces_ = 0;  ///< records of refused pieces; counted durably with the chunk's last piece
  std::vector<std::unique_ptr<LaneReader>> readers_;  ///< most recently used last
  Usage counters_;

  // Of the pass under way; scrub()'s caller only.
  std::unique_ptr<JournalCursor> scrub_;
  std::uint64_t scrub_end_ = 0;  ///< file at which the pass ends
  std::uint64_t scrub_found_ = 0;
};

}  // namespace forebay::spool
