#include "gateway/log/sequencer.h"

#include <future>

#include "base/planted_bug.h"
#include "gateway/log/failpoint.h"

namespace forebay::gateway::log {
namespace {

/// On disks that take longer than this for a sync, each sync should serve every event loop.
constexpr std::chrono::microseconds kSlowSync{500};

}  // namespace

Sequencer::Sequencer(SequencerContext context, std::unique_ptr<spool::Journal> journal, LaneTable lanes)
    : context_(std::move(context)),
      journal_(std::move(journal)),
      lanes_(std::move(lanes)),
      arrival_(*context_.clock),
      queue_(context_.options->queue_bytes_max),
      commits_(&context_.metrics->counter(kCommitsMetric)),
      records_(&context_.metrics->counter(kRecordsMetric)),
      bytes_(&context_.metrics->counter(kBytesMetric)),
      rerouted_(&context_.metrics->counter(kReroutedMetric)),
      reshards_(&context_.metrics->counter(kReshardsMetric)),
      commit_us_(&context_.metrics->histogram(kCommitMicrosMetric)) {
  for (const auto& [id, log] : context_.directory->get()->streams) adopt(log);
}

Result<void> Sequencer::submit(SubmissionPtr submission) {
  if (queue_.push(submission)) return {};
  return Error{Errc::unavailable, stopping_ ? "the gateway is stopping" : "the gateway's append queue is full"};
}

void Sequencer::call(const std::function<void(Sequencer&)>& task) {
  if (!running_) return task(*this);
  std::promise<void> done;
  queue_.push_task([&] {
    task(*this);
    done.set_value();
  });
  done.get_future().wait();
}

void Sequencer::run() {
  while (!stopping_) turn(true);
  while (turn()) {
  }
  running_ = false;
  turn();  // requests that came in before running_ fell
}

void Sequencer::stop() {
  queue_.close();
  stopping_ = true;
  queue_.wake();
}

bool Sequencer::turn(bool wait) {
  // Full memory makes data wait in the bounded queue; requests of the segment thread, which frees it, go on.
  waits_for_memory_ = context_.budget->is_full() && !stopping_;
  SubmissionQueue::Taken taken = queue_.take(!waits_for_memory_, wait, patience());
  if (taken.empty()) return false;
  for (const auto& task : taken.tasks) task();
  failpoint(Failpoint::turn_taken);
  while (!taken.submissions.empty()) {
    if (is_data(*taken.submissions.front())) {
      run_group(taken.submissions);
    } else {
      run_change(std::move(taken.submissions.front()));
      taken.submissions.pop_front();
    }
    deliver();
  }
  if (context_.budget->is_half_full() && context_.tail_filling) context_.tail_filling();
  return true;
}

std::chrono::microseconds Sequencer::patience() const {
  return last_sync_ < kSlowSync ? std::chrono::microseconds(0) : last_sync_ / 4;
}

bool Sequencer::is_data(const Submission& submission) {
  return std::holds_alternative<PutWork>(submission.work) || std::holds_alternative<UploadWork>(submission.work);
}

void Sequencer::run_group(std::deque<SubmissionPtr>& queued) {
  group_size_ = 0;
  group_bytes_ = 0;
  group_time_ = arrival_.now();
  lane_undo_.clear();
  while (!queued.empty() && is_data(*queued.front())) {
    if (group_size_ > 0 && group_bytes_ + queued.front()->bytes > context_.options->commit_bytes_max) break;
    group_bytes_ += queued.front()->bytes;
    plan(std::move(queued.front()));
    queued.pop_front();
  }
  failpoint(Failpoint::offsets_assigned);
  if (FB_PLANTED_BUG("gateway.ack_before_sync")) return acknowledge_too_early();
  settle(commit_group());
}

void Sequencer::settle(Result<void> committed) {
  if (committed)
    publish_group();
  else if (committed.error().code == Errc::no_space || committed.error().code == Errc::too_large)
    undo_group();
  else
    failed(committed.error());
  for (std::size_t i = 0; i < group_size_ && !committed; ++i)
    if (!group_[i].submission->error) group_[i].submission->error = committed.error();
  finish_group();
}

void Sequencer::plan(SubmissionPtr submission) {
  if (group_.size() == group_size_) group_.emplace_back();
  Planned& planned = group_[group_size_++];
  planned.header.clear();
  planned.parts.clear();
  planned.header_size = 0;
  planned.submission = std::move(submission);
  Submission& work = *planned.submission;
  if (failure_)
    work.error = *failure_;
  else if (context_.space_low->load(std::memory_order_relaxed))
    work.error = Error{Errc::no_space, "the disk is nearly full: free space or shorten retention"};
  if (work.error) return;
  if (auto* put = std::get_if<PutWork>(&work.work))
    plan_put(*put, planned);
  else
    plan_upload(std::get<UploadWork>(work.work), planned);
}

void Sequencer::plan_put(PutWork& work, Planned& planned) {
  const auto found = streams_.find(work.stream);
  if (found == streams_.end()) {
    planned.submission->error = Error{Errc::not_found, "the stream was deleted"};
  } else if (found->second.log->definition.map_version != work.map_version || !place(found->second, work.parts)) {
    work.rerouted = true;
    rerouted_->add();
  } else {
    assign(found->second, work.parts, EntryBatch::kNoLane, planned);
  }
}

void Sequencer::plan_upload(UploadWork& work, Planned& planned) {
  std::vector<const LaneKey*> rerouted;
  for (LaneWork& lane : work.lanes) {
    plan_lane(lane, planned);
    // Behind one that is routed again it is no gap: both come again, in order.
    if (lane.result == LaneResult::gap &&
        std::any_of(rerouted.begin(), rerouted.end(), [&](const LaneKey* key) { return *key == lane.key; }))
      lane.result = LaneResult::reroute;
    if (lane.result == LaneResult::reroute) rerouted.push_back(&lane.key);
  }
  failpoint(Failpoint::lanes_checked);
}

void Sequencer::plan_lane(LaneWork& lane, Planned& planned) {
  const auto found = streams_.find(lane.key.stream);
  if (found == streams_.end()) {
    lane.result = LaneResult::missing_stream;
    return;
  }
  const LaneAnswer answer = lanes_.check(lane.key, lane.base, lane.first, lane.count, lane.crc);
  lane.last = answer.last;
  switch (answer.verdict) {
    case LaneVerdict::duplicate: lane.result = LaneResult::duplicate; return;
    case LaneVerdict::unverified: lane.result = LaneResult::unverified; return;
    case LaneVerdict::gap: lane.result = LaneResult::gap; return;
    case LaneVerdict::forked: lane.result = LaneResult::forked; return;
    case LaneVerdict::stale: lane.result = LaneResult::stale; return;
    case LaneVerdict::append: break;
  }
  if (lane.locked) {
    lane.result = LaneResult::locked;
    return;
  }
  StreamState& stream = found->second;
  if (stream.log->definition.map_version != lane.map_version || !place(stream, lane.parts)) {
    lane.result = LaneResult::reroute;
    rerouted_->add();
    return;
  }
  const LaneRange range{lane.first, static_cast<std::uint32_t>(lane.count), lane.crc};
  lane_undo_.emplace_back(lane.key, lanes_.find(lane.key));
  lanes_.append(lane.key, range);
  planned.header.lanes.push_back({lane.key, range});
  assign(stream, lane.parts, static_cast<std::uint32_t>(planned.header.lanes.size() - 1), planned);
  lane.result = LaneResult::committed;
  lane.last = range.last();
}

bool Sequencer::place(const StreamState& stream, const std::vector<BatchPart>& parts) const {
  for (const BatchPart& part : parts) {
    const std::size_t index = stream.log->index_of(part.shard);
    if (index == stream.shards.size() || stream.log->definition.shards[index].closed) return false;
  }
  return true;
}

Result<void> Sequencer::apply(Work& work) {
  if (failure_) return *failure_;
  return std::visit([this](auto& any) { return change(any); }, work);
}

void Sequencer::run_change(SubmissionPtr submission) {
  if (auto done = apply(submission->work); !done) submission->error = std::move(done).error();
  finished_[submission->owner].push_back(std::move(submission));
}

void Sequencer::failed(const Error& error) {
  if (failure_) return;
  failure_ = error;
  context_.fatal(error);
}

void Sequencer::finish_group() {
  failpoint(Failpoint::before_acknowledge);
  for (std::size_t i = 0; i < group_size_; ++i) {
    SubmissionPtr& submission = group_[i].submission;
    if (submission) finished_[submission->owner].push_back(std::move(submission));
  }
}

void Sequencer::deliver() {
  for (auto& [owner, submissions] : finished_)
    if (!submissions.empty()) owner->completed(std::exchange(submissions, {}));
  finished_.clear();
  failpoint(Failpoint::acknowledged);
}

}  // namespace forebay::gateway::log
