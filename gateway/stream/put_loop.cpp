#include "gateway/stream/put_loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "gateway/log/failpoint.h"
#include "gateway/stream/put_submission.h"

namespace forebay::gateway::stream {
namespace {

/// Smaller batches are stored as they are: lz4 would cost more than it saves.
constexpr std::size_t kCompressFrom = 4_KiB;
/// A turn's records of one stream are submitted early when they reach this: the disk starts while the loop still
/// encodes.
constexpr std::size_t kTurnBytesMax = 512_KiB;
constexpr std::size_t kRecordOverhead = 8;  ///< of the 6 to 44 bytes a record takes besides its key and data
/// While one submission is being synced the records of later turns gather for the next one; only when there are this
/// many bytes of them does a second one go behind it. A sync costs the same for one record as for hundreds.
constexpr std::size_t kInFlightMax = 2;
constexpr std::size_t kSecondFrom = 64_KiB;
/// Streams whose empty builders are kept for the next turn, and the largest that are kept.
constexpr std::size_t kIdleBatchesMax = 8;
constexpr std::size_t kKeptBytesMax = 1_MiB;

}  // namespace

PutLoop::PutLoop(boost::asio::any_io_executor executor, log::EmbeddedLog& log, const Catalog& catalog,
                 const Clock& clock)
    : executor_(std::move(executor)), log_(&log), catalog_(&catalog), clock_(&clock) {}

PutLoop::~PutLoop() = default;

PutLoop::OpenBatches& PutLoop::batches_of(const StreamPtr& stream) {
  for (std::size_t i = open_count_; i-- > 0;)
    if (open_[i].stream == stream) return open_[i];
  return new_batches(stream);
}

PutLoop::OpenBatches& PutLoop::new_batches(const StreamPtr& stream) {
  if (open_count_ == open_.size()) open_.emplace_back();
  OpenBatches& open = open_[open_count_++];
  open.stream = stream;
  open.route.follow(*stream);
  if (open.builders.size() < stream->open_shards.size()) open.builders.resize(stream->open_shards.size());
  return open;
}

void PutLoop::add(const StreamPtr& stream, std::span<const PutRecord> records, PendingPut& put) {
  // Tiny records count for what they take in a batch too, so that no batch unpacks to more than readers accept.
  std::size_t bytes = records.size() * kRecordOverhead;
  for (const PutRecord& record : records) bytes += record.partition_key.size() + record.data.size();
  OpenBatches* open = &batches_of(stream);
  if (open->bytes > 0 && open->bytes + bytes > kTurnBytesMax) make_room(open, stream);
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

void PutLoop::make_room(OpenBatches*& open, const StreamPtr& stream) {
  if (may_submit(*stream) && is_first(*open)) {
    submit(*open);
    open->stream = stream;
  } else {
    open = &new_batches(stream);
  }
}

bool PutLoop::is_first(const OpenBatches& open) const {
  for (const OpenBatches& other : open_) {
    if (&other == &open) return true;
    if (!other.puts.empty() && other.stream->id == open.stream->id) return false;
  }
  return true;
}

bool PutLoop::may_flush() const {
  if (open_count_ == 0) return false;
  return in_flight_.empty() || (in_flight_.size() < kInFlightMax && open_bytes_ >= kSecondFrom);
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
  std::size_t held = 0;
  for (std::size_t i = 0; i < open_count_; ++i) {
    OpenBatches& open = open_[i];
    if (!open.puts.empty() && may_submit(*open.stream) && is_first(open)) submit(open);
    if (open.puts.empty()) {
      open.stream = nullptr;
      continue;
    }
    // It stays, behind batches that follow an older map.
    if (held != i) std::swap(open_[held], open);
    ++held;
  }
  open_count_ = held;
  if (open_.size() > std::max(kIdleBatchesMax, held)) open_.resize(std::max(kIdleBatchesMax, held));
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
  send(std::move(submission));
}

void PutLoop::send(std::unique_ptr<PutSubmission> submission) {
  const InFlight sent{submission->stream->id, submission->stream->map_version};
  const std::vector<PendingPut*> puts = submission->puts;
  if (auto taken = log_->submit(std::move(submission)); !taken) return refuse(puts, taken.error());
  in_flight_.push_back(sent);
}

void PutLoop::completed(std::vector<log::SubmissionPtr> finished) {
  boost::asio::post(executor_, [this, finished = std::move(finished)]() mutable { finish(std::move(finished)); });
}

void PutLoop::finish(std::vector<log::SubmissionPtr> finished) {
  take_back(finished);
  send_returned();
  // The disk goes on with what gathered meanwhile before the answers of the finished ones are written.
  if (may_flush()) flush();
  for (log::SubmissionPtr& submission : finished) {
    if (!submission) continue;  // sent again
    // Only this class makes submissions that name it as their owner.
    std::unique_ptr<LoopSubmission> mine(static_cast<LoopSubmission*>(submission.release()));
    LoopSubmission& one = *mine;
    one.finished(std::move(mine));
  }
  schedule();
}

void PutLoop::take_back(std::vector<log::SubmissionPtr>& finished) {
  for (log::SubmissionPtr& submission : finished) {
    const auto* put = std::get_if<log::PutWork>(&submission->work);
    if (put == nullptr) continue;
    const auto sent = std::find_if(in_flight_.begin(), in_flight_.end(), [&](const InFlight& one) {
      return one.stream == put->stream && one.map_version == put->map_version;
    });
    FB_ASSERT(sent != in_flight_.end());
    in_flight_.erase(sent);
    if (put->rerouted && !submission->error) returned_.emplace_back(static_cast<PutSubmission*>(submission.release()));
  }
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
