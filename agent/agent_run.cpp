#include <malloc.h>

#include <csignal>

#include "agent/agent.h"
#include "agent/agent_metrics.h"

/// What happens while the agent runs, and how it ends; agent.cpp builds it.
namespace forebay::agent {
namespace {

/// A part that has work and makes no progress for this long is stuck: the watchdog is no longer fed.
constexpr Milliseconds kStuckAfter{60'000};
constexpr Milliseconds kTickMax{30'000};

}  // namespace

void Agent::wait_for_signals() {
  signals_.emplace(loop_, SIGTERM, SIGINT);
  signals_->async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    logger_.info("stopping", {{"signal", signal}});
    end(run_.once ? ExitCode::try_again : ExitCode::ok);
  });
}

void Agent::start_housekeeping() {
  if (run_.once && run_.timeout) {
    deadline_.expires_after(*run_.timeout);
    deadline_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      logger_.error("the deadline passed with records left to send",
                    {{"unacknowledged_records", spool_->usage().unacknowledged_records}});
      end(ExitCode::try_again);
    });
  }
  if (auto link = LinkWatcher::open()) {
    link_ = *std::move(link);
    link_events_.emplace(loop_, link_->fd());
    wait_for_link();
  } else {
    logger_.debug("the system does not tell of link changes", {{"reason", link.error().context}});
  }
  tick();
}

void Agent::wait_for_link() {
  link_events_->async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) return;
    if (link_->read_events()) uploader_->link_up();
    wait_for_link();
  });
}

void Agent::tick() {
  const std::string stuck = stuck_part();
  if (stuck.empty())
    notify_.watchdog();
  else
    logger_.error("no progress; the watchdog is not fed any more", {{"part", stuck}});
  if (notify_.active()) notify_.status(status_line(status()));
  // Buffers of a past catch-up go back to the system.
  ::malloc_trim(0);
  tick_.expires_after(systemd_.watchdog ? std::min(kTickMax, *systemd_.watchdog / 2) : kTickMax);
  tick_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

std::string Agent::stuck_part() const {
  if (spooler_->progress().stuck(kStuckAfter)) return "spooler";
  if (uploader_->progress().stuck(kStuckAfter)) return "uploader";
  for (const auto& source : sources_)
    if (SourceStatus status = source->status(); status.stuck && !spooler_->blocked()) return status.name;
  return {};
}

AgentStatus Agent::status() {
  AgentStatus status;
  status.device = device_;
  status.version = FOREBAY_VERSION;
  status.gateway = options_.gateway.url;
  status.uptime_s = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(clock_.steady_now() - started_).count());
  status.stuck_what = stuck_part();
  status.stuck = !status.stuck_what.empty();
  status.spool = spool_->usage();
  status.spool_bytes_max = options_.spool.max_bytes;
  status.intake_bytes = intake_->bytes();
  status.blocked = spooler_->blocked();
  status.upload = session_->status();
  for (const auto& source : sources_) {
    status.sources.push_back(source->status());
    for (const SourceCountRow& row : kSourceCountRows) {
      Counter& counter = metrics_.counter(row.metric, {status.sources.back().name});
      counter.add(status.sources.back().counts.*row.count - counter.value());
    }
  }
  const auto raise = [this](const MetricRow& row, std::uint64_t value) {
    Counter& counter = metrics_.counter(row);
    counter.add(value - counter.value());
  };
  raise(metrics::kDroppedRecords, status.spool.dropped_records);
  raise(metrics::kScrubbedBytes, status.spool.scrubbed_bytes);
  raise(metrics::kScrubPasses, status.spool.scrub_passes);
  metrics_.gauge(metrics::kDamagedPlaces).set(static_cast<std::int64_t>(status.spool.damaged_places));
  status.metrics_text = metrics_.to_prometheus_text();
  return status;
}

Result<std::uint64_t> Agent::recall(std::string_view fact) {
  FB_TRY(const auto value, cache_->get(fact));
  return value ? std::strtoull(value->c_str(), nullptr, 10) : std::uint64_t{0};
}

// Called on the upload thread, the only one that uses the cache while it runs.
void Agent::remember(std::string_view fact, std::uint64_t value) {
  if (auto kept = cache_->set(fact, std::to_string(value)); !kept)
    logger_.warning("the state cache was not written", {{"reason", kept.error().context}});
}

Result<void> Agent::remember_closed(std::uint64_t ordinal_min) {
  // Those whose lanes are gone from the spool are done with.
  std::string known = to_text(spool_->lineage());
  FB_TRY(const std::vector<Lineage> earlier, closed_lineages());
  for (const spool::LaneStatus& status : spool_->lanes()) {
    const Lineage& lineage = status.lane.lineage;
    const std::string text = to_text(lineage);
    if (std::find(earlier.begin(), earlier.end(), lineage) != earlier.end() && known.find(text) == std::string::npos)
      known += "," + text;
  }
  FB_CHECK(cache_->set("closed_lineages", known));
  return cache_->set("ordinal_min", std::to_string(ordinal_min));
}

Result<std::vector<Lineage>> Agent::closed_lineages() {
  FB_TRY(const auto known, cache_->get("closed_lineages"));
  std::vector<Lineage> lineages;
  for (std::string_view rest = known ? std::string_view(*known) : std::string_view(); !rest.empty();) {
    if (const auto lineage = parse_lineage(rest.substr(0, kLineageTextSize))) lineages.push_back(*lineage);
    rest.remove_prefix(std::min(rest.size(), kLineageTextSize + 1));
  }
  return lineages;
}

void Agent::source_ended() {
  if (--sources_running_ == 0) sources_done();
}

void Agent::sources_done() {
  // Everything read is durable before the uploader is asked to empty the spool: the spooler tells when. It may wait for
  // space meanwhile, and this loop goes on with deadlines and signals.
  intake_->stop();
}

void Agent::drained() {
  if (!run_.once || code_) return;
  const std::uint64_t left = spool_->usage().unacknowledged_records;
  if (left == 0) return end(ExitCode::ok);
  logger_.error("records are set aside that the gateway does not take", {{"unacknowledged_records", left}});
  end(ExitCode::try_again);
}

void Agent::fail(const Error& error) {
  broken_ = error.code == Errc::io || error.code == Errc::corrupt;
  logger_.error("the agent ends", {{"reason", error.to_string()}});
  end(exit_code_of(error));
}

void Agent::end(ExitCode code) {
  if (code_) return;
  code_ = code;
  loop_.stop();
}

ExitCode Agent::finish() {
  notify_.stopping();
  for (auto& source : sources_) source->stop();
  if (scrubber_) scrubber_->stop();
  intake_->stop();
  spooler_->give_up();
  spooler_->join();
  uploader_->stop();
  failpoints_.reach(Failpoint::before_close);
  if (broken_) return *code_;
  if (auto kept = cache_->set_positions(spool_->source_positions()); !kept)
    logger_.warning("the state cache was not written", {{"reason", kept.error().context}});
  if (auto closed = spool_->close(); !closed) {
    logger_.error("the spool did not close", {{"reason", closed.error().context}});
    return exit_code_of(closed.error());
  }
  return *code_;
}

}  // namespace forebay::agent
