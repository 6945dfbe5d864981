#include "agent/spooler/scrubber.h"

namespace forebay::agent {

constexpr int kFirstPart = 24;

Scrubber::Scrubber(spool::Spool& spool, Logger logger, const Options& options)
    : spool_(spool), logger_(logger.child("scrubber")), options_(options) {}

Scrubber::~Scrubber() { stop(); }

void Scrubber::start() {
  thread_ = std::thread([this] { run(); });
}

void Scrubber::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

/// False: stopping.
bool Scrubber::sleep(Milliseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return stopping_; });
}

void Scrubber::run() {
  if (!sleep(options_.interval / kFirstPart)) return;
  while (pass() && sleep(options_.interval)) {
  }
}

/// One pass in slices. False: stopping.
bool Scrubber::pass() {
  const std::uint64_t before = spool_.usage().scrubbed_bytes;
  for (;;) {
    const auto done = spool_.scrub(options_.slice_bytes);
    if (!done) {
      // Reading went wrong, not what was read: the next pass may do better.
      logger_.warning("the scrub of the spool was broken off", {{"reason", done.error().context}});
      return true;
    }
    if (*done) break;
    if (!sleep(options_.pause)) return false;
  }
  const auto usage = spool_.usage();
  logger_.info("the spool was read and checked",
               {{"bytes", usage.scrubbed_bytes - before}, {"damaged_places", usage.damaged_places}});
  return true;
}

}  // namespace forebay::agent
