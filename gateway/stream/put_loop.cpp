#include "gateway/stream/put_loop.h"

#include <boost/asio/post.hpp>

#include "gateway/log/failpoint.h"

namespace forebay::gateway::stream {
namespace {

/// Smaller batches are stored as they are: lz4 would cost more than it saves.
constexpr std::size_t kCompressFrom = 4_KiB;
/// A turn's records of one stream are submitted early when they reach this: the disk starts while the loop still encodes.
constexpr std::size_t kTurnBytesMax = 512_KiB;
/// While one submission is being synced the records of later turns gather for the next one; only when there are this
/// many bytes of them does a second one go behind it. A sync costs the same for one record as for hundreds.
constexpr std::size_t kInFlightMax = 2;
constexpr std::size_t kSecondFrom = 64_KiB;
/// Streams whose empty builders are kept for the next turn, and the largest that are kept.
constexpr std::size_t kIdleBatchesMax = 8;
constexpr std::size_t kKeptBytesMax = 1_MiB;

}  // namespace

struct PutLoop::PutSubmission final : LoopSubmission {
  PutSubmission(log::Work w, PutLoop& l) : LoopSubmission(std::move(w), l), loop(&l) {}
  void finished(std::unique_ptr<LoopSubmission>) override { loop->put_done(*this); }

  PutLoop* loop;
  StreamPtr stream;
  std::vector<PendingPut*> puts;
  std::vector<std::size_t> part_of;  ///< by index of open_shards
};

PutLoop::OpenBatches& PutLoop::batches_of(const StreamPtr& stream) {
  for (std::size_t i = 0; i < open_count_; ++i)
    if (open_[i].stream == stream) return open_[i];
  if (open_count_ == open_.size()) open_.emplace_back();
  OpenBatches& open = open_[open_count_++];
  open.stream = stream;
  open.route.follow(*stream);
  if (open.builders.size() < stream->open_shards.size()) open.builders.resize(stream->open_shards.size());
  return open;
}

void PutLoop::add(const StreamPtr& stream, std::span<const PutRecord> records, PendingPut& put) {
  std::size_t bytes = 0;
  for (const PutRecord& record : records) bytes += record.partition_key.size() + record.data.size();
  OpenBatches* open = &batches_of(stream);
  if (open->bytes > 0 && open->bytes + bytes > kTurnBytesMax) {
    submit(*open);
    open->stream = stream;
  }
  open->bytes += bytes + 1;
  open_bytes_ += bytes + 1;
  const std::int64_t now = to_millis(clock_->wall_now());
  put.outcomes.resize(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const PutRecord& record = records[i];
    const HashKey hash = record.explicit_hash_key ? *record.explicit_hash_key : keys_.hash(record.partition_key);
    const std::size_t shard = open->route.index_for(hash);
    wire::kafka::RecordBatchBuilder& builder = open->builders[shard];
    put.outcomes[i].shard = ShardNumber(static_cast<std::uint32_t>(shard));
    put.outcomes[i].offset = Offset(builder.count());
    builder.add(record.partition_key, record.data, now, record.explicit_hash_key);
  }
  open->puts.push_back(&put);
  log::failpoint(log::Failpoint::put_parsed);
  schedule();
}

bool PutLoop::may_flush() const {
  if (open_count_ == 0) return false;
  return in_flight_ == 0 || (in_flight_ < kInFlightMax && open_bytes_ >= kSecondFrom);
}

void PutLoop::schedule() {
  if (flush_scheduled_ || !may_flush()) return;
  flush_scheduled_ = true;
  // Behind everything that is ready now: the calls of this turn travel together.
  boost::asio::post(executor_, [this] {
    flush_scheduled_ = false;
    if (may_flush()) flush();
  });
}

void PutLoop::flush() {
  for (std::size_t i = 0; i < open_count_; ++i)
    if (!open_[i].puts.empty()) submit(open_[i]);
  for (std::size_t i = 0; i < open_count_; ++i) open_[i].stream = nullptr;
  open_count_ = 0;
  if (open_.size() > kIdleBatchesMax) open_.resize(kIdleBatchesMax);
}

void PutLoop::submit(OpenBatches& open) {
  log::PutWork work;
  work.stream = open.stream->id;
  work.map_version = open.stream->map_version;
  std::vector<std::size_t> part_of(open.stream->open_shards.size());
  for (std::size_t i = 0; i < part_of.size(); ++i) {
    wire::kafka::RecordBatchBuilder& builder = open.builders[i];
    if (builder.empty()) continue;
    part_of[i] = work.parts.size();
    log::BatchPart part;
    part.shard = open.stream->open_shards[i]->number;
    part.record_count = static_cast<std::uint32_t>(builder.count());
    part.max_timestamp_ms = builder.max_timestamp_ms();
    const std::size_t bytes = builder.records_bytes();
    // Built in a buffer with room for the worst case, kept in one of its own size: it stays until it is in a segment.
    encoded_.clear();
    builder.finish(bytes >= kCompressFrom ? wire::kafka::Codec::lz4 : wire::kafka::Codec::none, encoded_);
    part.bytes.assign(encoded_.begin(), encoded_.end());
    if (bytes > kKeptBytesMax) builder = {};
    work.parts.push_back(std::move(part));
  }
  log::failpoint(log::Failpoint::put_encoded);
  auto submission = std::make_unique<PutSubmission>(std::move(work), *this);
  submission->stream = std::move(open.stream);
  submission->puts = std::exchange(open.puts, {});
  submission->part_of = std::move(part_of);
  open_bytes_ -= std::exchange(open.bytes, 0);
  if (encoded_.capacity() > 2 * kKeptBytesMax) encoded_ = {};
  const std::vector<PendingPut*> puts = submission->puts;
  if (auto taken = log_->submit(std::move(submission)); !taken) {
    for (PendingPut* put : puts) {
      put->error = taken.error();
      put->resume();
    }
    return;
  }
  ++in_flight_;
}

void PutLoop::completed(std::vector<log::SubmissionPtr> finished) {
  boost::asio::post(executor_, [this, finished = std::move(finished)]() mutable { finish(std::move(finished)); });
}

void PutLoop::finish(std::vector<log::SubmissionPtr> finished) {
  for (const log::SubmissionPtr& submission : finished)
    if (std::holds_alternative<log::PutWork>(submission->work)) --in_flight_;
  // The disk goes on with what gathered meanwhile before the answers of the finished ones are written.
  if (may_flush()) flush();
  for (log::SubmissionPtr& submission : finished) {
    // Only this class makes submissions that name it as their owner.
    std::unique_ptr<LoopSubmission> mine(static_cast<LoopSubmission*>(submission.release()));
    LoopSubmission& one = *mine;
    one.finished(std::move(mine));
  }
  schedule();
}

void PutLoop::put_done(PutSubmission& submission) {
  const auto& parts = std::get<log::PutWork>(submission.work).parts;
  for (PendingPut* put : submission.puts) {
    put->error = submission.error;
    if (!put->error) {
      for (PutOutcome& outcome : put->outcomes) {
        const std::size_t index = outcome.shard.value();
        const log::BatchPart& part = parts[submission.part_of[index]];
        outcome.shard = part.shard;
        outcome.offset = part.base + outcome.offset.value();
        outcome.shard_created = submission.stream->open_shards[index]->created;
        outcome.arrival = part.arrival;
      }
    }
    put->resume.here();
  }
}

}  // namespace forebay::gateway::stream
