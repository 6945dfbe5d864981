#include "base/planted_bug.h"
#include "spool/spool_impl.h"

namespace forebay::spool {

/// Room for the entry's own fields beside its records.
static std::uint64_t entry_size(const RecordChunk& chunk) {
  return chunk.size_bytes() + chunk.stream().size() + chunk.position.source.size() + chunk.position.position.size() +
         64;
}

Result<void> SpoolImpl::check_records(std::span<const RecordChunk> chunks) const {
  for (const RecordChunk& chunk : chunks) {
    if (chunk.stream().size() > kNameBytesMax || chunk.position.source.size() > kNameBytesMax) {
      return Error{Errc::too_large, "stream and source names have at most " + std::to_string(kNameBytesMax) + " bytes"};
    }
    if (chunk.position.position.size() > sizes_.control_reserve / 2) {
      return Error{Errc::too_large, "position of source " + chunk.position.source + " is larger than " +
                                        std::to_string(sizes_.control_reserve / 2) + " bytes"};
    }
    if (entry_size(chunk) <= sizes_.record_bytes_max) continue;
    RecordChunkReader reader(chunk.bytes());
    while (const auto record = reader.next()) {
      const std::uint64_t size = record->data.size() + record->partition_key.size();
      if (size <= sizes_.record_bytes_max) continue;
      return Error{Errc::too_large, "record of " + std::to_string(size) + " bytes; the spool takes at most " +
                                        std::to_string(sizes_.record_bytes_max) +
                                        ", a quarter of its journal file: raise max_size or truncate"};
    }
  }
  return {};
}

/// Chunks as pieces that fit one commit; only larger ones are encoded again. The position travels with the last piece:
/// those before it count only once that one is durable (see stage_piece()).
std::vector<SpoolImpl::Piece> SpoolImpl::split(std::span<const RecordChunk> chunks,
                                               std::deque<RecordChunk>& parts) const {
  std::vector<Piece> pieces;
  for (const RecordChunk& chunk : chunks) {
    if (chunk.empty() && chunk.position.source.empty()) continue;
    if (entry_size(chunk) <= sizes_.commit_bytes_max) {
      pieces.push_back({&chunk, true});
      continue;
    }
    const bool split = !chunk.position.source.empty();
    RecordChunkReader reader(chunk.bytes());
    parts.emplace_back(chunk.stream());
    while (const auto record = reader.next()) {
      const std::uint64_t size = record->data.size() + record->partition_key.size() + 32;
      if (!parts.back().empty() && parts.back().size_bytes() + size > sizes_.record_bytes_max) {
        pieces.push_back({&parts.back(), false, split});
        parts.emplace_back(chunk.stream());
      }
      parts.back().add(record->partition_key, record->time, record->data);
    }
    parts.back().position = chunk.position;
    pieces.push_back({&parts.back(), true, split});
  }
  return pieces;
}

/// With policy block all pieces are taken or none, so the room for all of them is looked at first.
bool SpoolImpl::blocked(std::span<const Piece> pieces) {
  std::uint64_t total = 0;
  for (const Piece& piece : pieces) total += entry_size(*piece.chunk) + kSpoolPage;
  if (ready_for(total)) return false;
  // Every file loses less than one commit at its end.
  const std::uint64_t lost = sizes_.control_reserve + sizes_.commit_bytes_max + 2 * kSpoolPage + state_.head().size();
  const std::uint64_t usable = sizes_.file_bytes > lost + kSpoolPage ? sizes_.file_bytes - lost : kSpoolPage;
  const std::uint64_t needed = (total + usable - 1) / usable;
  auto space = files_.space(path_);
  const bool disk = !space || space->free_bytes >= options_.free_space_floor + needed * sizes_.file_bytes;
  return !disk || files_in_use() + needed > data_files_max();
}

Result<void> SpoolImpl::append(std::span<const RecordChunk> chunks) {
  std::lock_guard lock(mutex_);
  return append_locked(chunks);
}

Result<void> SpoolImpl::move(const RecordChunk& chunk, const LaneId& from, std::uint64_t through) {
  std::lock_guard lock(mutex_);
  moving_ = true;
  auto appended = append_locked(std::span(&chunk, 1));
  moving_ = false;
  if (!appended) return appended;
  const auto lane = state_.lanes().find(from);
  if (lane == state_.lanes().end() || through <= lane->second.acked) return {};
  lane->second.acked = std::min(through, lane->second.last);
  unsaved_acks_.insert(from);
  return free_settled(false);
}

Result<void> SpoolImpl::append_locked(std::span<const RecordChunk> chunks) {
  FB_CHECK(check_records(chunks));
  refused_pieces_ = 0;
  std::deque<RecordChunk> parts;
  const std::vector<Piece> pieces = split(chunks, parts);
  if (pieces.empty() && unsaved_forgets_.empty()) return {};
  if (!moving_ && options_.when_full == WhenFull::block && blocked(pieces)) {
    FB_CHECK(free_settled(true));
    if (blocked(pieces)) {
      counters_.full = true;
      return Error{Errc::no_space, "the spool is full and its policy is block"};
    }
  }
  if (pieces.empty()) return persist_acknowledgements();
  for (std::size_t from = 0; from < pieces.size();) {
    std::uint64_t bytes = 0;
    std::size_t to = from;
    while (to < pieces.size() && (to == from || bytes + entry_size(*pieces[to].chunk) <= sizes_.commit_bytes_max)) {
      bytes += entry_size(*pieces[to++].chunk);
    }
    auto appended = append_group(std::span(pieces).subspan(from, to - from));
    if (!appended && appended.error().code == Errc::no_space && from != 0) {
      // What is durable already cannot be taken back, and "nothing appended" must stay true: the restart reads the
      // sources again from their durable positions.
      return Error{Errc::io, "the disk filled up in the middle of an append: " + appended.error().context};
    }
    FB_CHECK(std::move(appended));
    from = to;
  }
  return free_settled(false);
}

/// The sequence that the next record of the stream gets; `next` remembers what this commit has given.
std::uint64_t& SpoolImpl::next_sequence(const std::string& stream, std::map<std::string, std::uint64_t>& next) const {
  auto [at, added] = next.try_emplace(stream, 1);
  if (added) {
    const auto lane = state_.lanes().find({journal_->lineage(), stream});
    if (lane != state_.lanes().end()) at->second = lane->second.last + 1;
  }
  return at->second;
}

/// Adds a records entry with the next sequences of its lane.
void SpoolImpl::stage_records(StagedCommit& staged, const RecordChunk& chunk, bool with_position, std::uint64_t lost,
                              std::map<std::string, std::uint64_t>& next) const {
  std::uint64_t& sequence = next_sequence(chunk.stream(), next);
  RecordsEntry entry;
  entry.stream = chunk.stream();
  entry.first = sequence;
  entry.count = chunk.count();
  if (with_position) {
    entry.source = chunk.position.source;
    entry.position = chunk.position.position;
  }
  entry.lost = lost;
  entry.records = chunk.bytes();
  staged.add_records(entry);
  sequence += chunk.count();
}

/// A piece that is not the last of its chunk is marked: the source's position does not cover it yet, so that after a
/// crash its records come again, and these are void.
void SpoolImpl::stage_piece(StagedCommit& staged, const Piece& piece,
                            std::map<std::string, std::uint64_t>& next) const {
  const RecordChunk& chunk = *piece.chunk;
  if (piece.split && !piece.last) {
    const std::uint64_t first = next_sequence(chunk.stream(), next);
    staged.add(EntryType::unfinished, encode(UnfinishedEntry{chunk.stream(), {first, first + chunk.count() - 1}}));
  }
  stage_records(staged, chunk, piece.last, 0, next);
}

/// What was refused while the spool was full is declared with the first records that find room again.
void SpoolImpl::stage_refusals(StagedCommit& staged, std::deque<RecordChunk>& chunks,
                               std::map<std::string, std::uint64_t>& next) {
  for (const auto& [key, records] : state_.refused()) {
    const GapRecord gap{options_.device, key.source, 0, {}, records, "spool_full_drop_newest"};
    stage_gap_record(staged, chunks, next, key.stream, gap);
    staged.add(EntryType::refusal_declared, encode(key));
  }
}

/// Declares earlier refusals once there is room, when no records come to carry them.
Result<void> SpoolImpl::declare_refusals() {
  if (state_.refused().empty()) return {};
  std::uint64_t bytes = kSpoolPage;
  for (const auto& [key, records] : state_.refused()) bytes += key.stream.size() + 2 * key.source.size() + 512;
  if (!ready_for(bytes)) {
    FB_TRY(const bool allowed, data_file_allowed());
    if (!allowed) return {};
  }
  return append_group({});
}

Result<void> SpoolImpl::append_group(std::span<const Piece> group) {
  std::uint64_t bytes = kSpoolPage;
  for (const Piece& piece : group) bytes += entry_size(*piece.chunk);
  for (const auto& [key, records] : state_.refused()) bytes += key.stream.size() + 2 * key.source.size() + 512;
  for (const LaneId& lane : unsaved_acks_) bytes += lane.stream.size() + 64;
  for (const std::string& source : unsaved_forgets_) bytes += source.size() + 16;
  FB_TRY(const Room room, make_room(bytes));
  if (room == Room::refuse) return refuse_group(group);
  StagedCommit staged;
  std::deque<RecordChunk> gap_chunks;
  std::map<std::string, std::uint64_t> next;
  add_pending(staged);  // first: a source that was forgotten and comes again keeps the position it comes with
  stage_refusals(staged, gap_chunks, next);
  for (const Piece& piece : group) {
    stage_piece(staged, piece, next);
    if (!piece.split || !piece.last || refused_pieces_ == 0) continue;
    const RefusedKey key{piece.chunk->stream(), piece.chunk->position.source};
    staged.add(EntryType::refused, encode(RefusedEntry{key, refused_pieces_, piece.chunk->position.position}));
    refused_pieces_ = 0;
  }
  FB_CHECK(commit(staged));
  unsaved_acks_.clear();
  unsaved_forgets_.clear();
  acks_saved_at_ = clock_.steady_now();
  counters_.full = false;
  return {};
}

/// Policy drop_newest: the records are counted, their position moves on; both are durable together.
Result<void> SpoolImpl::refuse_group(std::span<const Piece> group) {
  StagedCommit staged;
  std::uint64_t refused = 0;
  for (const Piece& piece : group) {
    const SourcePosition& position = piece.chunk->position;
    refused += piece.chunk->count();
    if (piece.split && !piece.last) {
      // Counted with the last piece: after a crash before it, these records come again.
      refused_pieces_ += piece.chunk->count();
      continue;
    }
    RefusedEntry entry{{piece.chunk->stream(), position.source}, piece.chunk->count(), position.position};
    if (piece.split) entry.records += std::exchange(refused_pieces_, 0);
    staged.add(EntryType::refused, encode(entry));
  }
  if (!staged.empty()) FB_CHECK(commit_control(staged));
  if (!counters_.full) {
    logger_.warning("spool full: new records are dropped and counted", {{"records", refused}});
  }
  counters_.full = true;
  counters_.dropped_records += refused;
  return {};
}

}  // namespace forebay::spool
