#include "agent/spooler/spooler.h"

namespace forebay::agent {

Spooler::Spooler(IntakeQueue& intake, spool::Spool& spool, Clock& clock, Logger logger, Failpoints& failpoints,
                 const Options& options, Events events)
    : intake_(intake),
      spool_(spool),
      logger_(logger.child("spooler")),
      failpoints_(failpoints),
      options_(options),
      events_(std::move(events)),
      progress_(clock) {}

Spooler::~Spooler() {
  intake_.stop();
  give_up();
  join();
}

void Spooler::start() {
  thread_ = std::thread([this] { run(); });
}

void Spooler::join() {
  if (thread_.joinable()) thread_.join();
}

void Spooler::space_freed() {
  {
    const std::lock_guard lock(mutex_);
    freed_ = true;
  }
  space_.notify_one();
}

void Spooler::give_up() {
  {
    const std::lock_guard lock(mutex_);
    giving_up_ = true;
  }
  space_.notify_one();
}

void Spooler::run() {
  const IntakeQueue::TakeLimits limits{options_.group_bytes_max, options_.collect};
  IntakeQueue::Group group;
  while (intake_.take(limits, group)) {
    progress_.moved();
    Result<void> result;
    if (!group.chunks.empty()) result = append(group.chunks);
    if (result && !group.chunks.empty() && events_.appended) events_.appended(group.chunks);
    if (result && !group.forgotten.empty()) {
      for (const std::string& source : group.forgotten) spool_.forget_source(source);
      failpoints_.reach(Failpoint::position_forgotten);
    }
    const bool gave_up = !result && result.error().code == Errc::cancelled;
    intake_.finish(group, result);
    progress_.idle();
    if (!result) {
      refuse_the_rest(result);
      if (!gave_up) events_.failed(result.error());
      return;
    }
  }
  if (events_.ended) events_.ended();
}

void Spooler::refuse_the_rest(const Result<void>& result) {
  intake_.stop();
  IntakeQueue::Group group;
  while (intake_.take({}, group)) intake_.finish(group, result);
}

Result<void> Spooler::append(std::span<const spool::RecordChunk> chunks) {
  failpoints_.reach(Failpoint::before_append);
  while (true) {
    Result<void> result = spool_.append(chunks);
    if (result) {
      if (blocked_.exchange(false)) logger_.info("the spool has room again");
      failpoints_.reach(Failpoint::after_append);
      return result;
    }
    if (result.error().code != Errc::no_space) return result;
    if (!blocked_.exchange(true))
      logger_.warning("the spool is full and its policy is block: sources wait", {{"reason", result.error().context}});
    if (!wait_for_space()) return Error{Errc::cancelled, "stopped while the spool was full"};
    progress_.moved();
  }
}

bool Spooler::wait_for_space() {
  std::unique_lock lock(mutex_);
  space_.wait_for(lock, options_.blocked_retry, [&] { return freed_ || giving_up_; });
  freed_ = false;
  return !giving_up_;
}

}  // namespace forebay::agent
