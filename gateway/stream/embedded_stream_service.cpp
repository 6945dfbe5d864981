#include "gateway/stream/embedded_stream_service.h"

#include <boost/asio/this_coro.hpp>

namespace forebay::gateway::stream {
namespace {

constexpr std::uint32_t kShardsPerStreamMax = 10'000;
constexpr std::size_t kNameBytesMax = 255;

/// Work whose caller waits for it; the state lives in the caller's frame.
struct CallState {
  log::SubmissionPtr done;
  std::optional<Error> refused;
  Resume resume;
};

struct CallSubmission final : LoopSubmission {
  CallSubmission(log::Work w, PutLoop& loop, CallState& s) : LoopSubmission(std::move(w), loop), state(&s) {}
  void finished(std::unique_ptr<LoopSubmission> self) override {
    CallState& caller = *state;
    caller.done = std::move(self);
    caller.resume.here();
  }
  CallState* state;
};

log::LaneWork to_work(LaneBatch& lane) {
  log::LaneWork work;
  work.key = {lane.lineage, lane.stream->id};
  work.base = lane.base;
  work.first = lane.first;
  work.count = lane.count;
  work.crc = lane.records_crc;
  work.map_version = lane.stream->map_version;
  for (LaneBatch::Part& from : lane.parts) {
    log::BatchPart part;
    part.shard = from.shard;
    part.bytes = std::move(from.batch);
    part.record_count = static_cast<std::uint32_t>(from.record_count);
    part.max_timestamp_ms = from.max_timestamp_ms;
    work.parts.push_back(std::move(part));
  }
  return work;
}

/// What a part adds to the counts of its shard.
struct PartCount {
  std::size_t lane = 0;
  ShardNumber shard;
  RecordCount count;
};

/// Of lanes whose streams are counted.
std::vector<PartCount> counts_of(const std::vector<LaneBatch>& lanes) {
  std::vector<PartCount> counts;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    if (!lanes[i].stream->meters) continue;
    for (const LaneBatch::Part& part : lanes[i].parts)
      if (const auto count = ShardMeters::count_of(part.batch)) counts.push_back({i, part.shard, *count});
  }
  return counts;
}

}  // namespace

EmbeddedStreamService::EmbeddedStreamService(EmbeddedStreamDependencies dependencies, Logger logger)
    : dependencies_(std::move(dependencies)), logger_(logger) {}

EmbeddedStreamService::~EmbeddedStreamService() { blocking_.join(); }

Result<std::unique_ptr<EmbeddedStreamService>> EmbeddedStreamService::open(EmbeddedStreamDependencies dependencies,
                                                                           std::string data,
                                                                           const log::LogOptions& options,
                                                                           Logger logger) {
  std::unique_ptr<EmbeddedStreamService> service(new EmbeddedStreamService(std::move(dependencies), logger));
  log::LogDependencies log;
  log.files = service->dependencies_.files;
  log.clock = service->dependencies_.clock;
  log.entropy = service->dependencies_.entropy;
  log.metrics = service->dependencies_.metrics;
  log.open_database = service->dependencies_.open_database;
  log.keys = service->dependencies_.keys;
  log.fatal = service->dependencies_.fatal;
  log.directory_changed = [catalog = &service->catalog_](const auto& directory) { catalog->update(directory); };
  log.background = [scaler = &service->scaler_] { (*scaler)->tick(); };
  FB_TRY(service->log_, log::EmbeddedLog::open(std::move(log), std::move(data), options, logger));
  service->catalog_.update(service->log_->directory());
  service->scaler_ = std::make_unique<OnDemandScaler>(*service->log_, *service->dependencies_.clock, OnDemandOptions(),
                                                      service->logger_);
  return service;
}

void EmbeddedStreamService::start() { log_->start(); }

Result<void> EmbeddedStreamService::stop() {
  const auto directory = log_->directory();
  auto stopped = log_->stop();
  for (const auto& [id, stream] : directory->streams)
    for (const auto& view : stream->views) view->set_removed();
  for (const auto& [id, stream] : directory->streams)
    for (const auto& view : stream->views) view->wake_all();
  return stopped;
}

StreamPtr EmbeddedStreamService::find(std::string_view account, std::string_view name) const {
  return catalog_.find(account, name);
}

std::vector<StreamPtr> EmbeddedStreamService::list(std::string_view account, std::string_view after,
                                                   std::size_t limit) const {
  return catalog_.list(account, after, limit);
}

std::uint64_t EmbeddedStreamService::open_shard_count(std::string_view account) const {
  return catalog_.open_shard_count(account);
}

std::uint64_t EmbeddedStreamService::timeline() const { return log_->directory()->timeline; }

PutLoop& EmbeddedStreamService::loop_of(const boost::asio::any_io_executor& executor) {
  const void* context = &boost::asio::query(executor, boost::asio::execution::context);
  for (LoopSlot& slot : loops_) {
    const void* known = slot.context.load(std::memory_order_acquire);
    if (known == context) return *slot.loop;
    if (known == nullptr) break;
  }
  const std::scoped_lock lock(loops_mutex_);
  for (LoopSlot& slot : loops_) {
    if (slot.context.load() == context) return *slot.loop;
    if (slot.context.load() != nullptr) continue;
    slot.loop = std::make_unique<PutLoop>(executor, *log_, catalog_, *dependencies_.clock);
    slot.context.store(context, std::memory_order_release);
    return *slot.loop;
  }
  FB_UNREACHABLE();  // the composition makes one loop per core
}

Task<Result<log::SubmissionPtr>> EmbeddedStreamService::run(log::Work work) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  PutLoop& loop = loop_of(executor);
  CallState state;
  auto start = [&](Resume resume) {
    state.resume = std::move(resume);
    auto submission = std::make_unique<CallSubmission>(std::move(work), loop, state);
    if (auto taken = loop.submit(std::move(submission)); !taken) {
      state.refused = std::move(taken).error();
      state.resume();
    }
  };
  co_await suspend(start);
  if (state.refused) co_return *std::move(state.refused);
  if (state.done->error) co_return *std::move(state.done->error);
  co_return std::move(state.done);
}

Task<Result<StreamPtr>> EmbeddedStreamService::create(CreateStream request) {
  if (request.shard_count == 0 || request.shard_count > kShardsPerStreamMax)
    co_return Error{Errc::invalid_argument, "shard_count must be 1.." + std::to_string(kShardsPerStreamMax)};
  if (request.name.empty() || request.name.size() > kNameBytesMax || request.account.size() > kNameBytesMax)
    co_return Error{Errc::invalid_argument,
                    "stream and account names have 1.." + std::to_string(kNameBytesMax) + " bytes"};
  log::CreateStreamWork create;
  create.definition.account = request.account;
  create.definition.name = request.name;
  create.definition.mode = static_cast<std::uint8_t>(request.mode);
  create.definition.retention_hours = request.retention_hours;
  create.definition.record_bytes_max = request.record_bytes_max;
  create.attributes = std::move(request.attributes);
  const std::vector<HashKeyRange> ranges = log::equal_ranges(request.shard_count);
  for (std::uint32_t i = 0; i < request.shard_count; ++i) {
    log::ShardDefinition shard;
    shard.number = ShardNumber(i);
    shard.range = ranges[i];
    create.definition.shards.push_back(shard);
  }
  log::Work work = std::move(create);
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  StreamPtr stream = find(request.account, request.name);
  if (!stream) co_return Error{Errc::not_found, "stream " + request.name + " was deleted at once"};
  co_return stream;
}

Task<Result<void>> EmbeddedStreamService::remove(StreamPtr stream) {
  log::Work work = log::RemoveStreamWork{stream->id};
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  co_return Result<void>();
}

Task<Result<void>> EmbeddedStreamService::set_retention(StreamPtr stream, std::int32_t hours) {
  log::ChangeStreamWork change;
  change.stream = stream->id;
  change.retention_hours = hours;
  log::Work work = change;
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  co_return Result<void>();
}

Task<Result<std::vector<PutOutcome>>> EmbeddedStreamService::put(StreamPtr stream, std::span<const PutRecord> records) {
  if (records.empty()) co_return std::vector<PutOutcome>();
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  PutLoop& loop = loop_of(executor);
  std::vector<std::uint32_t> sizes;
  if (stream->meters) sizes = ShardMeters::sizes_of(records);
  PendingPut pending;
  auto start = [&](Resume resume) {
    pending.resume = std::move(resume);
    loop.add(stream, records, pending);
  };
  co_await suspend(start);
  if (pending.error) co_return *std::move(pending.error);
  if (stream->meters) stream->meters->took(pending.outcomes, sizes);
  co_return std::move(pending.outcomes);
}

Task<Result<std::vector<LaneBatchOutcome>>> EmbeddedStreamService::append_lanes(std::vector<LaneBatch> lanes) {
  const std::vector<PartCount> counts = counts_of(lanes);
  log::UploadWork upload;
  for (LaneBatch& lane : lanes) upload.lanes.push_back(to_work(lane));
  log::Work work = std::move(upload);
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  std::vector<LaneBatchOutcome> outcomes;
  for (const log::LaneWork& lane : std::get<log::UploadWork>(done->work).lanes)
    outcomes.push_back({static_cast<LaneResult>(lane.result), lane.last});
  for (const PartCount& part : counts)
    if (outcomes[part.lane].result == LaneResult::committed)
      lanes[part.lane].stream->meters->took(part.shard, part.count);
  co_return outcomes;
}

Task<Result<std::vector<LaneState>>> EmbeddedStreamService::lane_states(
    std::vector<std::pair<Lineage, StreamId>> lanes) {
  log::LaneStatesWork ask;
  for (const auto& [lineage, stream] : lanes) ask.keys.push_back({lineage, stream});
  log::Work work = std::move(ask);
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  std::vector<LaneState> states;
  for (const auto& state : std::get<log::LaneStatesWork>(done->work).states)
    states.push_back({state.stale, state.known, state.last});
  co_return states;
}

Task<Result<void>> EmbeddedStreamService::forget_lineages(std::array<std::uint8_t, 16> root, std::uint64_t through) {
  log::ForgetLanesWork forget;
  forget.root = root;
  forget.through = through;
  log::Work work = forget;
  FB_CO_TRY(const auto done, co_await run(std::move(work)));
  (void)done;
  co_return Result<void>();
}

Result<void> EmbeddedStreamService::continue_history(std::uint64_t timeline, StreamId stream,
                                                     std::vector<std::pair<Lineage, std::uint64_t>> lanes) {
  Result<void> done;
  log_->sequencer().call([&](log::Sequencer& sequencer) {
    log::Work raise_lanes = log::RaiseLanesWork{stream, std::move(lanes)};
    done = sequencer.apply(raise_lanes);
    if (!done || this->timeline() >= timeline) return;
    log::Work raise_timeline = log::RaiseTimelineWork{timeline};
    done = sequencer.apply(raise_timeline);
  });
  return done;
}

}  // namespace forebay::gateway::stream
