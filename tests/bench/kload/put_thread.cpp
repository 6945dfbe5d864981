#include "put_thread.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

namespace kload {
namespace {
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kDueWaitMax = 1'000'000;
}  // namespace

PutThread::PutThread(const Options& options, PutProgress& progress, const std::vector<Producer*>& producers,
                     PutStats& stats)
    : options_(options), progress_(progress), stats_(stats), signer_(options), epoll_(epoll_create1(0)) {
  if (options.rate > 0) interval_ns_ = 1e9 * options.records * options.connections / options.rate;
  for (Producer* producer : producers) lanes_.push_back({std::make_unique<Connection>(options), producer, false});
}

PutThread::~PutThread() { ::close(epoll_); }

bool PutThread::ends() const {
  return progress_.phase.load(std::memory_order_relaxed) == PutPhase::stop ||
         (options_.count != 0 && progress_.sent.load() >= options_.count);
}

void PutThread::watch(std::size_t lane, bool fresh) {
  const Connection& connection = *lanes_[lane].connection;
  epoll_event event{};
  event.events = EPOLLIN | (connection.sent() ? 0u : static_cast<std::uint32_t>(EPOLLOUT));
  event.data.u64 = lane;
  epoll_ctl(epoll_, fresh ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection.fd, &event);
}

void PutThread::launch(std::size_t lane, std::uint64_t due_ns) {
  if (progress_.phase.load(std::memory_order_relaxed) == PutPhase::stop) return;
  const auto records = static_cast<std::uint64_t>(options_.records);
  if (options_.count != 0 && progress_.sent.fetch_add(records) >= options_.count) return;
  Lane& mine = lanes_[lane];
  mine.producer->build(signer_, mine.connection->out);
  mine.producer->started_ns = interval_ns_ > 0 ? due_ns : now_ns();
  mine.connection->start();
  mine.connection->send_some();
  mine.active = true;
  ++active_;
  if (!mine.connection->sent()) watch(lane, false);
}

void PutThread::launch_due() {
  const std::uint64_t now = now_ns();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Producer& producer = *lanes_[i].producer;
    if (lanes_[i].active || producer.due_ns > now) continue;
    const std::uint64_t due = producer.due_ns;
    producer.due_ns += static_cast<std::uint64_t>(interval_ns_);
    launch(i, due);
  }
}

/// With a rate to keep, until the next request is due.
std::uint64_t PutThread::wait_ns() const {
  if (interval_ns_ == 0) return kSecond;
  std::uint64_t next = std::numeric_limits<std::uint64_t>::max();
  for (const Lane& lane : lanes_)
    if (!lane.active) next = std::min(next, lane.producer->due_ns);
  const std::uint64_t now = now_ns();
  return next <= now ? 0 : std::min(next - now, kDueWaitMax);
}

void PutThread::complete(std::size_t lane, Connection::Read result) {
  Lane& mine = lanes_[lane];
  PutStats& stats = progress_.phase.load(std::memory_order_relaxed) == PutPhase::warm_up ? warm_up_ : stats_;
  if (result == Connection::Read::complete) {
    stats.latency.add(now_ns() - mine.producer->started_ns);
    ++stats.requests;
    mine.producer->account(response_, stats);
  } else {
    mine.producer->lost(stats);
  }
  mine.active = false;
  --active_;
  if (result == Connection::Read::broken || response_.close) {
    mine.connection->open();
    mine.connection->out.clear();
    watch(lane, true);
  }
  if (interval_ns_ == 0) launch(lane, 0);
}

void PutThread::handle(std::size_t lane, std::uint32_t events) {
  Connection& connection = *lanes_[lane].connection;
  auto result = Connection::Read::more;
  if ((events & EPOLLOUT) != 0) {
    if (!connection.send_some())
      result = Connection::Read::broken;
    else if (connection.sent())
      watch(lane, false);
  }
  if (result != Connection::Read::broken && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    result = connection.read_some(response_);
  if (result != Connection::Read::more) complete(lane, result);
}

void PutThread::run() {
  prctl(PR_SET_TIMERSLACK, 1000);
  const std::uint64_t begin = now_ns();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    watch(i, true);
    const double part = static_cast<double>(i) / static_cast<double>(lanes_.size());
    lanes_[i].producer->due_ns = begin + static_cast<std::uint64_t>(interval_ns_ * part);
    if (interval_ns_ == 0) launch(i, 0);
  }
  std::array<epoll_event, 128> events;
  while (active_ > 0 || !ends()) {
    if (interval_ns_ > 0 && !ends()) launch_due();
    const std::uint64_t wait = wait_ns();
    const timespec until{static_cast<time_t>(wait / kSecond), static_cast<long>(wait % kSecond)};
    const int count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &until, nullptr);
    for (int i = 0; i < count; ++i)
      handle(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
  }
}

}  // namespace kload
