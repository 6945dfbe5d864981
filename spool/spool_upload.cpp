#include "base/crc32c.h"
#include "base/planted_bug.h"
#include "spool/spool_impl.h"

namespace forebay::spool {

/// Lanes whose reading place is kept open.
constexpr std::size_t kReadersMax = 4;
/// Acknowledgements without other commits are saved this often; losing them only means a resend.
constexpr std::chrono::seconds kSaveAcksEvery{5};

Result<LaneReader*> SpoolImpl::reader_at(const LaneId& lane, std::uint64_t sequence) {
  const auto found = std::find_if(readers_.begin(), readers_.end(),
                                  [&](const auto& reader) { return reader->lane() == lane; });
  if (found != readers_.end()) {
    std::rotate(found, found + 1, readers_.end());
    if (readers_.back()->next() == sequence) return readers_.back().get();
    readers_.pop_back();
  }
  if (readers_.size() >= kReadersMax) readers_.erase(readers_.begin());
  const JournalPosition from{state_.file_of(lane, sequence), 0};
  readers_.push_back(std::make_unique<LaneReader>(lane, sequence, journal_->cursor(from)));
  return readers_.back().get();
}

static std::uint32_t crc_of(const std::vector<Buffer>& records) {
  std::uint32_t crc = 0;
  for (const Buffer& piece : records) crc = crc32c(piece, crc);
  return crc;
}

/// The batch of an earlier seal, or empty when its records are damaged: then it is sealed anew.
Result<std::optional<SealedBatch>> SpoolImpl::resend(const LaneId& id, const Seal& seal) {
  FB_TRY(LaneReader * reader, reader_at(id, seal.first));
  FB_TRY(auto cut, reader->cut({UINT64_MAX, seal.count, seal.first + seal.count - 1}));
  if (cut.count != seal.count || crc_of(cut.records) != seal.records_crc) {
    logger_.warning("records of a sealed batch are damaged; it is sealed anew",
                    {{"stream", id.stream}, {"first", seal.first}});
    std::erase_if(readers_, [&](const auto& r) { return r->lane() == id; });
    return std::optional<SealedBatch>();
  }
  SealedBatch batch{seal, std::move(cut.records)};
  batch.seal.lane = id;
  return std::optional(std::move(batch));
}

Result<std::optional<SealedBatch>> SpoolImpl::seal_new(const LaneId& id, std::uint64_t first, const BatchLimits& limits,
                                                       bool& retry) {
  const LaneState& lane = state_.lanes()[id];
  std::uint64_t last = lane.last;
  for (const SequenceRange& gap : lane.gaps.ranges()) {
    if (gap.from > first) last = std::min(last, gap.from - 1);
  }
  const std::uint64_t present = state_.first_of(id, lane);
  if (first < present) {
    // Acknowledged once and freed since, and now the gateway wants it again (A7).
    FB_TRY(retry, declare_owed(id, {first, present - 1}, "gateway_lost"));
    return std::optional<SealedBatch>();
  }
  FB_TRY(LaneReader * reader, reader_at(id, first));
  FB_TRY(auto cut, reader->cut({limits.bytes_max, limits.records_max, last}));
  if (cut.hole.count() != 0) {
    std::erase_if(readers_, [&](const auto& r) { return r->lane() == id; });
    FB_TRY(retry, declare_owed(id, cut.hole, "corrupt"));
    return std::optional<SealedBatch>();
  }
  if (cut.count == 0) return std::optional<SealedBatch>();
  SealedBatch batch;
  batch.seal = {id, cut.first, cut.count, limits.codec, crc_of(cut.records), limits.map_version, limits.shard_ranges};
  batch.records = std::move(cut.records);
  if (FB_PLANTED_BUG("spool.seal_not_durable")) {
    state_.lanes()[id].add_seal(batch.seal);
    return std::optional(std::move(batch));
  }
  StagedCommit staged;
  staged.add(EntryType::seal, encode(batch.seal));
  auto sealed = commit_control(staged);
  if (!sealed) {
    std::erase_if(readers_, [&](const auto& r) { return r->lane() == id; });
    return std::move(sealed).error();
  }
  return std::optional(std::move(batch));
}

Result<std::optional<SealedBatch>> SpoolImpl::next_batch(const LaneId& id, std::uint64_t after,
                                                         const BatchLimits& limits) {
  std::lock_guard lock(mutex_);
  for (;;) {
    const auto lane = state_.lanes().find(id);
    if (lane == state_.lanes().end()) return std::optional<SealedBatch>();
    const std::uint64_t first = lane->second.gaps.skip_from(after + 1);
    if (first > lane->second.last) return std::optional<SealedBatch>();
    if (const Seal* seal = lane->second.seal_of(first)) {
      const Seal copy = *seal;
      FB_TRY(auto batch, resend(id, copy));
      if (batch) return batch;
      state_.lanes()[id].seals.erase(copy.first);
    }
    bool retry = false;
    FB_TRY(auto batch, seal_new(id, first, limits, retry));
    if (!retry) return batch;
  }
}

Result<void> SpoolImpl::acknowledge(const LaneId& id, std::uint64_t through, std::uint64_t incarnation) {
  std::lock_guard lock(mutex_);
  const auto lane = state_.lanes().find(id);
  if (lane == state_.lanes().end()) return {};
  const std::uint64_t acked = std::min(through, lane->second.last);
  if (acked > lane->second.acked || incarnation != lane->second.incarnation) {
    lane->second.acked = std::max(acked, lane->second.acked);
    lane->second.incarnation = incarnation;
    unsaved_acks_.insert(id);
  }
  FB_CHECK(free_settled(false));
  auto declared = declare_refusals();
  if (!declared && declared.error().code != Errc::no_space) return declared;
  if (unsaved_acks_.empty() || clock_.steady_now() - acks_saved_at_ < kSaveAcksEvery) return {};
  auto saved = persist_acknowledgements();
  if (!saved && saved.error().code != Errc::no_space) return saved;
  return {};
}

Result<void> SpoolImpl::lower_acknowledged(const LaneId& id, std::uint64_t through) {
  std::lock_guard lock(mutex_);
  const auto lane = state_.lanes().find(id);
  if (lane == state_.lanes().end() || through >= lane->second.acked) return {};
  lane->second.acked = through;
  unsaved_acks_.insert(id);
  for (FileRow& row : state_.rows()) {
    if (!state_.settled(row)) row.settled_at.reset();
  }
  return {};
}

void SpoolImpl::forget_closed(std::uint64_t through) {
  std::lock_guard lock(mutex_);
  std::set<LaneId> present;
  for (const FileRow& row : state_.rows()) {
    for (const auto& [id, part] : row.parts) present.insert(id);
  }
  std::erase_if(state_.lanes(), [&](const auto& entry) {
    const auto& [id, lane] = entry;
    return id.lineage.ordinal <= through && id.lineage.ordinal < journal_->lineage().ordinal && lane.drained() &&
           !present.contains(id);
  });
  std::erase_if(unsaved_acks_, [&](const LaneId& id) { return !state_.lanes().contains(id); });
}

/// Declares the parts of `range` that were not declared before: at most once over crashes, because the gap and its
/// record are one commit.
Result<void> SpoolImpl::declare(const LaneId& id, SequenceRange range, const std::string& source,
                                const std::string& reason) {
  StagedCommit staged;
  std::deque<RecordChunk> chunks;
  std::map<std::string, std::uint64_t> next;
  for (const SequenceRange& part : state_.lanes()[id].gaps.missing_in(range)) {
    stage_gap(staged, chunks, next, id, part, source, reason);
  }
  if (staged.empty()) return {};
  logger_.warning("records are lost; declared in the stream",
                  {{"stream", id.stream}, {"from", range.from}, {"to", range.to}, {"reason", reason}});
  return commit_control(staged);
}

/// False: all of it is acknowledged, which is no loss.
Result<bool> SpoolImpl::declare_owed(const LaneId& id, SequenceRange range, const std::string& reason) {
  if (range.from <= state_.lanes()[id].acked) return false;
  FB_CHECK(declare(id, range, "", reason));
  return true;
}

Result<void> SpoolImpl::declare_gap(const Gap& gap) {
  std::lock_guard lock(mutex_);
  if (gap.from == 0 || gap.to < gap.from) return Error{Errc::invalid_argument, "gap without sequences"};
  return declare(gap.lane, {gap.from, gap.to}, gap.source, gap.reason);
}

}  // namespace forebay::spool
