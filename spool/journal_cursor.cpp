#include "spool/journal_cursor.h"

#include "spool/format.h"

namespace forebay::spool {

Result<std::optional<RecoveredEntry>> FileCursor::next() {
  for (;;) {
    FB_TRY(auto entry, entries_.next());
    if (entry) return entry;
    FB_TRY(const bool loaded, load_commit());
    if (!loaded) return std::optional<RecoveredEntry>();
  }
}

/// False when the file is gone: freed under the cursor.
Result<bool> FileCursor::enter_file(const JournalIndex::Row& row) {
  if (reader_ && reader_->traits().number == row.traits.number) {
    reader_->set_limit(row.traits.limit);
    return true;
  }
  reader_.reset();
  auto file = files_.open(row.path, OpenMode::read);
  if (!file && file.error().code == Errc::not_found) return false;
  if (!file) return std::move(file).error();
  if (from_device_) FB_CHECK((*file)->drop_cache());
  reader_ = std::make_unique<CommitReader>(std::move(*file), row.traits);
  return true;
}

/// False when there is no later file yet.
bool FileCursor::next_file(const JournalIndex::Row& row) {
  const auto next = index_->at_or_after(row.traits.number + 1);
  if (!next) return false;
  at_ = {next->traits.number, format::kDataStart};
  return true;
}

/// Moves to the next whole commit of this file. False when there is none that counts.
Result<bool> FileCursor::pass_damage(const JournalIndex::Row& row) {
  FB_TRY(const auto whole, reader_->find_whole(at_.position + row.traits.alignment));
  if (!whole && !row.last_commit) return false;
  ++holes_;
  if (!whole) return false;
  at_.position = *whole;
  return true;
}

Result<bool> FileCursor::load_commit() {
  for (;;) {
    const auto row = index_->at_or_after(at_.file);
    if (!row) return false;
    if (row->traits.number != at_.file) at_ = {row->traits.number, format::kDataStart};
    const bool past_end = row->last_commit && at_.position > *row->last_commit;
    if (past_end || at_.position >= row->traits.limit) {
      if (!next_file(*row)) return false;
      continue;
    }
    FB_TRY(const bool there, enter_file(*row));
    if (!there) {
      if (!next_file(*row)) return false;
      continue;
    }
    FB_TRY(const auto found, reader_->read_at(at_.position));
    if (found.state == CommitState::whole) {
      entries_ = EntryCursor(found.header, found.content);
      at_.position = found.next;
      return true;
    }
    FB_TRY(const bool passed, pass_damage(*row));
    if (!passed && !next_file(*row)) return false;
  }
}

}  // namespace forebay::spool
