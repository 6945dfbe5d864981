#include "gateway/log/submission_queue.h"

#include <algorithm>

#include "gateway/log/failpoint.h"

namespace forebay::gateway::log {
namespace {

constexpr std::size_t kFixedCharge = 512;

std::size_t size_of(const std::vector<BatchPart>& parts) {
  std::size_t bytes = 0;
  for (const BatchPart& part : parts) bytes += part.bytes.size() + part.sealed.size();
  return bytes;
}

std::size_t charge(const Work& work) {
  std::size_t bytes = kFixedCharge;
  if (const auto* put = std::get_if<PutWork>(&work)) bytes += size_of(put->parts);
  if (const auto* upload = std::get_if<UploadWork>(&work))
    for (const LaneWork& lane : upload->lanes) bytes += size_of(lane.parts);
  return bytes;
}

}  // namespace

bool SubmissionQueue::push(SubmissionPtr& submission) {
  submission->bytes = charge(submission->work);
  const std::scoped_lock lock(mutex_);
  if (closed_ || (!submission->taken_before && bytes_ + submission->bytes > bytes_max_)) return false;
  bytes_ += submission->bytes;
  submissions_.push_back(std::move(submission));
  failpoint(Failpoint::submission_queued);
  if (waiting_) ready_.notify_one();
  return true;
}

void SubmissionQueue::push_task(std::function<void()> task) {
  const std::scoped_lock lock(mutex_);
  tasks_.push_back(std::move(task));
  if (waiting_) ready_.notify_one();
}

void SubmissionQueue::wake() {
  const std::scoped_lock lock(mutex_);
  woken_ = true;
  if (waiting_) ready_.notify_one();
}

void SubmissionQueue::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
}

SubmissionQueue::Owners SubmissionQueue::owners() const {
  Owners found;
  for (const SubmissionPtr& submission : submissions_)
    if (std::find(found.begin(), found.end(), submission->owner) == found.end()) found.push_back(submission->owner);
  return found;
}

bool SubmissionQueue::all_are_here() const {
  const Owners here = owners();
  for (const Owners& wanted : recent_)
    for (const SubmissionOwner* owner : wanted)
      if (std::find(here.begin(), here.end(), owner) == here.end()) return false;
  return true;
}

SubmissionQueue::Taken SubmissionQueue::take(bool with_data, bool wait, std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  const auto urgent = [&] { return woken_ || closed_ || !tasks_.empty(); };
  if (wait) {
    waiting_ = true;
    ready_.wait(lock, [&] { return urgent() || (with_data && !submissions_.empty()); });
    if (with_data && patience.count() > 0) ready_.wait_for(lock, patience, [&] { return urgent() || all_are_here(); });
    waiting_ = false;
  }
  woken_ = false;
  Taken taken;
  taken.tasks.swap(tasks_);
  if (with_data) {
    recent_[1] = std::move(recent_[0]);
    recent_[0] = owners();
    taken.submissions.swap(submissions_);
    bytes_ = 0;
  }
  return taken;
}

}  // namespace forebay::gateway::log
