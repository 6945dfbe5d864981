#include "gateway/log/embedded_log.h"

#include "gateway/log/log_metrics.h"
#include "gateway/log/stream_keys.h"

namespace forebay::gateway::log {
namespace {

/// How often due runs are looked for while batches wait in memory, and otherwise.
constexpr Milliseconds kBusyInterval{50};
constexpr Milliseconds kIdleInterval{1'000};
/// How often streams are counted whose keys are missing: they are deleted, and retention takes what needed a key.
constexpr Milliseconds kKeysInterval{10'000};

/// Everything a just opened journal holds. Before its first commit the journal names a file that does not exist yet; a
/// later run might give that number to other commits, so the end of the newest file stands for it.
spool::JournalPosition recovered_end(const spool::Journal& journal) {
  const auto files = journal.file_infos();
  if (files.empty()) return {};
  return {files.back().number, UINT64_MAX};
}

}  // namespace

Result<std::unique_ptr<EmbeddedLog>> EmbeddedLog::open(LogDependencies dependencies, std::string data,
                                                       const LogOptions& options, Logger logger) {
  std::unique_ptr<EmbeddedLog> log(new EmbeddedLog(std::move(dependencies), std::move(data), options, logger));
  FB_CHECK(log->recover());
  return log;
}

EmbeddedLog::EmbeddedLog(LogDependencies dependencies, std::string data, const LogOptions& options, Logger logger)
    : dependencies_(std::move(dependencies)),
      paths_{std::move(data)},
      options_(options),
      logger_(logger),
      budget_(std::make_shared<TailBudget>(options.tail_bytes_max)),
      cipher_(dependencies_.keys, *dependencies_.entropy),
      reader_(*dependencies_.files, paths_, cipher_) {}

EmbeddedLog::~EmbeddedLog() {
  FB_ASSERT(!sequencer_thread_.joinable());  // stop() was not called
}

Result<void> EmbeddedLog::recover() {
  RecoveryContext context;
  context.files = dependencies_.files;
  context.clock = dependencies_.clock;
  context.entropy = dependencies_.entropy;
  context.options = &options_;
  context.paths = &paths_;
  context.budget = budget_;
  context.dirty = &dirty_;
  context.cipher = &cipher_;
  context.open_database = dependencies_.open_database;
  const SteadyTime started = dependencies_.clock->steady_now();
  FB_TRY(auto store, open_catalog(context));
  FB_TRY(auto log, log::recover(context, store, logger_));
  dependencies_.metrics->counter(kHolesMetric).add(log.holes);
  recovery_ = {log.journal_report, log.holes, log.replayed_batches, log.skipped_batches};
  logger_.info("log recovered",
               {{"streams", log.directory.streams.size()},
                {"replayed_batches", log.replayed_batches},
                {"holes", log.holes},
                {"took_ms", (dependencies_.clock->steady_now() - started) / Milliseconds(1)}});
  directory_.set(std::make_shared<const Directory>(std::move(log.directory)));
  cipher_.follow(*directory_.get());
  keys_changed();
  progress_.advance(recovered_end(*log.journal), 0);
  make_sequencer(std::move(log.journal), std::move(log.lanes));
  make_keeper(std::move(store), std::move(log.saved), std::move(log.writers));
  return {};
}

void EmbeddedLog::make_sequencer(std::unique_ptr<spool::Journal> journal, LaneTable lanes) {
  SequencerContext sequencer;
  sequencer.options = &options_;
  sequencer.clock = dependencies_.clock;
  sequencer.metrics = dependencies_.metrics;
  sequencer.budget = budget_;
  sequencer.directory = &directory_;
  sequencer.dirty = &dirty_;
  sequencer.progress = &progress_;
  sequencer.space_low = &space_low_;
  sequencer.directory_changed = [this](const std::shared_ptr<const Directory>& directory) {
    cipher_.follow(*directory);
    if (dependencies_.directory_changed) dependencies_.directory_changed(directory);
  };
  sequencer.fatal = [this](const Error& error) { fail(error); };
  sequencer.tail_filling = [this] {
    const std::scoped_lock lock(keeper_mutex_);
    keeper_woken_ = true;
    keeper_wake_.notify_one();
  };
  sequencer_ = std::make_unique<Sequencer>(std::move(sequencer), std::move(journal), std::move(lanes));
}

void EmbeddedLog::make_keeper(CatalogStore store, CatalogState saved, SegmentWriters writers) {
  KeeperContext keeper;
  keeper.files = dependencies_.files;
  keeper.clock = dependencies_.clock;
  keeper.metrics = dependencies_.metrics;
  keeper.options = &options_;
  keeper.paths = &paths_;
  keeper.budget = budget_;
  keeper.directory = &directory_;
  keeper.dirty = &dirty_;
  keeper.progress = &progress_;
  keeper.sequencer = sequencer_.get();
  keeper.reader = &reader_;
  keeper.space_low = &space_low_;
  keeper_ = std::make_unique<SegmentKeeper>(keeper, logger_, std::move(store), std::move(saved), std::move(writers));
  keeper_->check_space();
}

EmbeddedLog::MissingKeys EmbeddedLog::missing_keys() const {
  const WallTime now = dependencies_.clock->wall_now();
  MissingKeys missing;
  for (const auto& [id, stream] : directory_.get()->streams) {
    std::vector<KeyId> keys = needed_keys(stream->attributes, stream->definition.retention_hours, now);
    std::erase_if(keys, [this](KeyId key) { return cipher_.keys().find(key) != nullptr; });
    if (!keys.empty()) missing.emplace_back(stream, std::move(keys));
  }
  return missing;
}

void EmbeddedLog::count_locked_streams() {
  dependencies_.metrics->gauge(kLockedStreamsMetric).set(static_cast<std::int64_t>(missing_keys().size()));
}

void EmbeddedLog::keys_changed() {
  count_locked_streams();
  for (const auto& [stream, keys] : missing_keys())
    for (const KeyId key : keys)
      if (const auto here = cipher_.require(stream->definition.id, key); !here)
        logger_.error("a stream's key is missing: what it encrypted is refused",
                      {{"stream", stream->definition.name}, {"key", to_text(key)}, {"error", here.error().context}});
}

Result<void> EmbeddedLog::submit(SubmissionPtr submission) {
  FB_CHECK(cipher_.seal(submission->work));
  return sequencer_->submit(std::move(submission));
}

void EmbeddedLog::start() {
  sequencer_->set_running();
  sequencer_thread_ = std::thread([this] { sequencer_->run(); });
  keeper_thread_ = std::thread([this] { run_keeper(); });
}

void EmbeddedLog::run_keeper() {
  std::unique_lock lock(keeper_mutex_);
  while (!keeper_stopping_) {
    const Milliseconds interval = keeper_->has_work() ? kBusyInterval : kIdleInterval;
    keeper_wake_.wait_for(lock, interval, [this] { return keeper_woken_ || keeper_stopping_; });
    if (keeper_stopping_) return;
    keeper_woken_ = false;
    lock.unlock();
    if (auto done = keeper_->tick(); !done) {
      fail(done.error());
      return;
    }
    if (dependencies_.background) dependencies_.background();
    const SteadyTime now = dependencies_.clock->steady_now();
    if (now - keys_looked_at_ >= kKeysInterval) {
      keys_looked_at_ = now;
      count_locked_streams();
    }
    lock.lock();
  }
}

Result<void> EmbeddedLog::stop() {
  if (keeper_thread_.joinable()) {
    {
      const std::scoped_lock lock(keeper_mutex_);
      keeper_stopping_ = true;
      keeper_wake_.notify_one();
    }
    keeper_thread_.join();
  }
  sequencer_->stop();
  if (sequencer_thread_.joinable()) sequencer_thread_.join();
  else while (sequencer_->turn()) {
    }
  if (sequencer_->has_failed()) return Error{Errc::io, "the log failed before it was stopped"};
  FB_CHECK(keeper_->checkpoint());
  return sequencer_->journal().close();
}

void EmbeddedLog::fail(const Error& error) {
  logger_.error("data could not be made durable: nothing is acknowledged any more", {{"error", error.context}});
  dependencies_.fatal(error);
}

}  // namespace forebay::gateway::log
