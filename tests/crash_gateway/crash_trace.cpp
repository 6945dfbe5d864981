#include "tests/crash_gateway/crash_trace.h"

#include <algorithm>

#include "gateway/log/stream_keys.h"

namespace forebay::test {
namespace {

constexpr int kSteps = 30;
constexpr int kFaultSteps = 15;
constexpr std::size_t kPlansPerCall = 2;
constexpr int kShardsSeen = 64;  ///< numbers that the shards of a trace may have

glog::LogOptions trace_options() {
  glog::LogOptions options = small_log_options();
  options.journal.file_bytes = 24_KiB;
  options.journal.commit_bytes_max = 12_KiB;
  options.commit_bytes_max = 8_KiB;
  options.segment.segment_bytes_max = 700;
  return options;
}

// Nothing unsynced survives, or all of it. A disk with nothing unsynced has the first plan only.
std::uint64_t plain_plans(const std::vector<CrashPlan>& plans) { return std::min<std::uint64_t>(2, plans.size()); }

std::string hole_of(const LogHarness& recovered) {
  for (const std::string& detail : recovered.log->recovery().journal.details) return detail;
  for (const std::string& line : recovered.lines.lines())
    if (line.find("hole") != std::string::npos) return line;
  return {};
}

/// An image may keep a new folder and lose the new one above it, which no file system does: give it back.
void restore_parents(MemoryFileSystem& image, std::uint64_t streams) {
  for (std::uint64_t stream = 1; stream <= streams; ++stream) {
    const std::string folder = "/data/streams/" + std::to_string(stream);
    for (int shard = 0; shard < kShardsSeen; ++shard) {
      const auto below = image.stat(folder + "/" + std::to_string(shard));
      if (!below || !*below) continue;
      (void)image.create_directories(folder);
      (void)image.sync_directory("/data");
      (void)image.sync_directory("/data/streams");
    }
  }
}

std::shared_ptr<glog::KeyRing> two_keys() {
  auto ring = glog::KeyRing::make({{"1", CipherKey(Buffer(CipherKey::kSize, 1))},
                                   {"2", CipherKey(Buffer(CipherKey::kSize, 2))}});
  FB_ASSERT(ring.ok());
  return std::make_shared<glog::KeyRing>(*std::move(ring));
}

}  // namespace

CrashTrace::CrashTrace(std::uint64_t seed, CrashTotals& totals, std::unordered_set<std::uint64_t>& known)
    : seed_(seed), totals_(&totals), known_(&known), random_(seed), keys_(two_keys()) {}

std::string CrashTrace::run() {
  ++totals_->traces;
  disk_.on_operation([this](const FileCallInfo& call) { try_crashes(call); });
  restart();
  if (broken_.empty()) create();
  if (broken_.empty()) change_settings();  // half of the streams are encrypted from the start
  for (int i = 0; i < kSteps && broken_.empty(); ++i) step();
  disk_.on_operation({});
  log_.reset();
  return broken_.empty() ? broken_ : "seed " + std::to_string(seed_) + ", during " + doing_ + ": " + broken_;
}

std::string CrashTrace::run_with_fault(std::uint64_t call, Fault fault) {
  with_fault_ = true;
  if (call > 0) disk_.fail_call(call, fault);
  restart();
  if (!is_down()) create();
  if (!is_down()) change_settings();
  for (int i = 0; i < kFaultSteps && !is_down(); ++i) step();
  disk_.set_fault({});
  const auto image = disk_.crash(CrashPlan());
  log_.reset();
  LogHarness recovered(*image, clock_, seed_ + 1, trace_options());
  recovered.keys = keys_;
  if (auto opened = recovered.open(); !opened) broken_ = "recovery failed: " + opened.error().to_string();
  else broken_ = oracle_.check(recovered);
  if (broken_.empty()) return broken_;
  return "seed " + std::to_string(seed_) + ", call " + std::to_string(call) + ", fault " +
         std::to_string(static_cast<int>(fault)) + ": " + broken_;
}

void CrashTrace::step() {
  clock_.advance(Milliseconds(pick(5'000)));
  const std::uint64_t dice = pick(100);
  if (dice < 31) put();
  else if (dice < 54) upload();
  else if (dice < 57) change_settings();
  else if (dice < 61) reshard();
  else if (dice < 70) write_segments();
  else if (dice < 85) checkpoint();
  else if (dice < 90) expire();
  else if (dice < 94) create();
  else if (dice < 96) remove();
  else if (dice < 98) change_settings();
  else restart();
}

std::vector<std::string> CrashTrace::values(std::uint32_t count) {
  std::vector<std::string> values;
  for (std::uint32_t i = 0; i < count; ++i)
    values.push_back("v" + std::to_string(next_value_++) + std::string(pick(30), 'x'));
  return values;
}

glog::BatchPart CrashTrace::part_of(std::uint32_t shard, const std::vector<std::string>& values) {
  wire::kafka::RecordBatchBuilder builder;
  for (const std::string& value : values) builder.add("key", as_bytes(value), 1000);
  glog::BatchPart part;
  part.shard = glog::ShardNumber(shard);
  part.record_count = static_cast<std::uint32_t>(values.size());
  part.max_timestamp_ms = 1000;
  builder.finish(wire::kafka::Codec::none, part.bytes);
  return part;
}

void CrashTrace::put() {
  doing_ = "put";
  if (oracle_.streams().empty()) return;
  for (std::uint64_t i = 0, count = 1 + pick(3); i < count; ++i) {
    const auto stream = any_stream();
    const glog::StreamDefinition map = map_of(stream->second);
    const bool comes_back = map.map_version != stream->second.map_version;
    glog::PutWork work;
    work.stream = stream->first;
    work.map_version = map.map_version;
    Oracle::Pending pending;
    for (const glog::ShardDefinition* shard : glog::open_shards(map)) {
      if (pick(3) == 0 && shard->range.end != HashKey::max()) continue;
      const auto records = values(1 + static_cast<std::uint32_t>(pick(4)));
      work.parts.push_back(part_of(shard->number.value(), records));
      if (!comes_back) pending.parts.push_back({{stream->first, shard->number}, records});
    }
    oracle_.submitted(std::move(pending));
    (void)log_->log->submit(std::make_unique<glog::Submission>(std::move(work), log_->owner));
  }
  turn();
}

void CrashTrace::upload() {
  doing_ = "upload";
  if (oracle_.streams().empty() || !uploads_) return;
  glog::UploadWork work;
  Oracle::Pending pending;
  for (std::uint64_t i = 0, count = 1 + pick(3); i < count; ++i) {
    const auto stream = any_stream();
    const glog::StreamDefinition map = map_of(stream->second);
    const bool comes_back = map.map_version != stream->second.map_version;
    glog::LaneWork lane;
    lane.key.lineage.root[0] = static_cast<std::uint8_t>(pick(3));
    lane.key.lineage.ordinal = 1;
    lane.key.stream = stream->first;
    lane.map_version = map.map_version;
    std::uint64_t& next = next_sequence_[lane.key];
    const auto records = values(1 + static_cast<std::uint32_t>(pick(4)));
    lane.first = next + 1 + (pick(8) == 0 ? 3 : 0);
    lane.count = records.size();
    lane.crc = static_cast<std::uint32_t>(next_crc_++);
    const auto open = glog::open_shards(map);
    const glog::ShardNumber shard = open[pick(open.size())]->number;
    lane.parts.push_back(part_of(shard.value(), records));
    if (lane.first == next + 1 && !comes_back) {
      next += records.size();
      pending.parts.push_back({{stream->first, shard}, records});
      pending.lanes.push_back({lane.key, {lane.first, static_cast<std::uint32_t>(lane.count), lane.crc}});
    }
    work.lanes.push_back(std::move(lane));
  }
  oracle_.submitted(std::move(pending));
  (void)log_->log->submit(std::make_unique<glog::Submission>(std::move(work), log_->owner));
  turn();
}

void CrashTrace::create() {
  doing_ = "create";
  if (oracle_.streams().size() >= 3) return;
  Oracle::Pending pending;
  pending.creates = "s" + std::to_string(next_name_++);
  const std::string name = pending.creates;
  oracle_.submitted(std::move(pending));
  auto work = LogHarness::create_work(name, 1 + static_cast<std::uint32_t>(pick(3)));
  (void)log_->log->submit(std::make_unique<glog::Submission>(std::move(work), log_->owner));
  turn();
}

void CrashTrace::remove() {
  doing_ = "remove";
  if (oracle_.streams().size() < 2) return;
  const glog::StreamId stream = oracle_.streams().begin()->first;
  Oracle::Pending pending;
  pending.removes = stream;
  oracle_.submitted(std::move(pending));
  (void)log_->log->submit(std::make_unique<glog::Submission>(glog::RemoveStreamWork{stream}, log_->owner));
  turn();
}

void CrashTrace::change_settings() {
  doing_ = "change of settings";
  Oracle::Pending pending;
  glog::Work work;
  std::vector<glog::AttributeChange> changes;
  for (std::uint64_t i = 0, count = 1 + pick(3); i < count; ++i) {
    const std::string key = "tag/" + std::to_string(pick(4));
    if (pick(3) == 0) changes.push_back({key, std::nullopt});
    else changes.push_back({key, values(1).front()});
  }
  pending.settings = Oracle::SettingsChange();
  pending.settings->attributes = changes;
  if (oracle_.streams().empty() || pick(4) == 0) {
    work = glog::ChangeAccountWork{"000000000000", changes};
  } else {
    const auto stream = any_stream();
    glog::ChangeStreamWork change;
    change.stream = stream->first;
    if (pick(2) == 0) changes.push_back(other_key());
    change.attributes = changes;
    pending.settings->attributes = changes;
    pending.settings->stream = stream->first;
    if (pick(2) == 0) {
      change.record_bytes_max = 1'000'000 + static_cast<std::uint32_t>(pick(1'000'000));
      pending.settings->record_bytes_max = change.record_bytes_max;
    }
    work = std::move(change);
  }
  oracle_.submitted(std::move(pending));
  (void)log_->log->submit(std::make_unique<glog::Submission>(std::move(work), log_->owner));
  turn();
}

glog::AttributeChange CrashTrace::other_key() {
  const std::uint64_t which = pick(3);
  std::optional<std::string> key;
  if (which > 0) key = glog::to_text(*keys_->named(std::to_string(which)));
  return {std::string(glog::kDataKeyAttribute), std::move(key)};
}

std::map<glog::StreamId, glog::StreamDefinition>::const_iterator CrashTrace::any_stream() {
  return std::next(oracle_.streams().begin(), static_cast<long>(pick(oracle_.streams().size())));
}

glog::StreamDefinition CrashTrace::map_of(const glog::StreamDefinition& present) {
  const auto older = older_maps_.find(present.id);
  return older != older_maps_.end() && pick(4) == 0 ? older->second : present;
}

void CrashTrace::reshard() {
  doing_ = "reshard";
  if (oracle_.streams().empty()) return;
  const glog::StreamDefinition before = any_stream()->second;
  const auto open = glog::open_shards(before);
  glog::Reshard wish = glog::ScaleShards{1 + static_cast<std::uint32_t>(pick(5))};
  if (pick(3) != 0) {
    const std::size_t which = pick(open.size());
    if (which + 1 < open.size() && pick(2) == 0) {
      wish = glog::MergeShards{open[which]->number, open[which + 1]->number};
    } else {
      HashKey key = open[which]->range.start;
      key.high += std::max<std::uint64_t>(1, (open[which]->range.end.high - key.high) / (2 + pick(3)));
      wish = glog::SplitShard{open[which]->number, key};
    }
  }
  const auto change = glog::plan_reshard(before, wish, clock_.wall_now());
  Oracle::Pending pending;
  if (change && !change->closed.empty()) {
    // The moments are the sequencer's to choose; settle() takes them over with the answer.
    pending.map = glog::with_change(*log_->log->directory()->streams.at(before.id), *change,
                                    std::make_shared<glog::TailBudget>(1))->definition;
    older_maps_[before.id] = before;
  }
  oracle_.submitted(std::move(pending));
  glog::ReshardWork work;
  work.stream = before.id;
  work.wish = wish;
  (void)log_->log->submit(std::make_unique<glog::Submission>(std::move(work), log_->owner));
  turn();
}

void CrashTrace::look_at_maps() {
  if (!log_ || !log_->log) return;
  for (const auto& [id, stream] : log_->log->directory()->streams) oracle_.found(stream->definition);
}

void CrashTrace::write_segments() {
  doing_ = "segment write";
  auto done = log_->log->keeper().write(glog::SegmentWriter::Which::all);
  if (!done && done.error().code != Errc::no_space) log_->fatal.push_back(done.error());
}

void CrashTrace::checkpoint() {
  doing_ = "checkpoint";
  if (auto done = log_->log->keeper().checkpoint(); !done && broken_.empty()) {
    if (!with_fault_) broken_ = "checkpoint failed: " + done.error().to_string();
    else if (done.error().code != Errc::no_space) log_->fatal.push_back(done.error());
  }
}

void CrashTrace::expire() {
  doing_ = "retention";
  oracle_.set_expiring(true);
  for (int i = 0; i < 30; ++i) {
    clock_.advance(std::chrono::hours(1));
    log_->log->keeper().expire();
    look_at_maps();
  }
  oracle_.set_expiring(false);
}

void CrashTrace::restart() {
  doing_ = "restart";
  log_ = std::make_unique<LogHarness>(disk_, clock_, seed_ + next_value_, trace_options());
  log_->keys = keys_;
  oracle_.restarted();
  if (auto opened = log_->open(); !opened && broken_.empty() && !with_fault_)
    broken_ = "restart failed: " + opened.error().to_string();
  // Answers reach the oracle the moment they leave the sequencer.
  log_->owner.on_completed = [this] {
    for (const auto& submission : log_->owner.all) settle(*submission);
    log_->owner.all.clear();
  };
}

void CrashTrace::turn() {
  while (log_->log->sequencer().turn()) {
  }
}

void CrashTrace::settle(const glog::Submission& submission) {
  if (submission.error && std::holds_alternative<glog::UploadWork>(submission.work)) uploads_ = false;
  const glog::StreamDefinition* definition = nullptr;
  const auto directory = log_->log->directory();
  if (const auto* created = std::get_if<glog::CreateStreamWork>(&submission.work)) definition = &created->definition;
  if (const auto* change = std::get_if<glog::ReshardWork>(&submission.work); change != nullptr && !submission.error)
    definition = &directory->streams.at(change->stream)->definition;
  oracle_.answered(!submission.error, definition);
  const auto* put = std::get_if<glog::PutWork>(&submission.work);
  if (put != nullptr && put->rerouted) ++totals_->rerouted;
  if (put == nullptr || put->rerouted || submission.error) return;
  for (const glog::BatchPart& part : put->parts)
    if (part.seal.is_set()) ++totals_->sealed;
}

void CrashTrace::watch_views() {
  if (!log_ || !log_->log) return;
  const auto directory = log_->log->directory();
  for (const auto& [id, stream] : directory->streams)
    for (const auto& view : stream->views) oracle_.seen(view->id(), view->end().value());
}

void CrashTrace::try_crashes(const FileCallInfo&) {
  if (trying_ || !broken_.empty()) return;
  trying_ = true;
  watch_views();
  ++totals_->operations[doing_];
  const auto plans = disk_.crash_plans(random_());
  for (std::size_t i = 0; i < kPlansPerCall && broken_.empty(); ++i) {
    const CrashPlan& plan = plans[i == 0 ? pick(plain_plans(plans)) : pick(plans.size())];
    broken_ = try_crash(plan);
  }
  trying_ = false;
}

std::string CrashTrace::try_crash(const CrashPlan& plan) {
  const auto image = disk_.crash(plan);
  restore_parents(*image, next_name_);
  if (!known_->insert(image->durable_hash() ^ (oracle_.version() * 0x9E3779B97F4A7C15u) ^ (seed_ << 32)).second)
    return {};
  ++totals_->states;
  LogHarness recovered(*image, clock_, seed_ + 1, trace_options());
  recovered.keys = keys_;
  if (auto opened = recovered.open(); !opened) return "recovery failed: " + opened.error().to_string();
  totals_->replayed += recovered.log->recovery().replayed_batches;
  totals_->torn_tails += recovered.log->recovery().journal.torn_tails;
  if (recovered.log->recovery().holes > 0) return "recovery declared a hole: " + hole_of(recovered);
  if (auto broken = oracle_.check(recovered); !broken.empty()) return broken;
  if (pick(8) != 0) return {};
  // Again, after a cut in the middle of what recovery itself left unsynced, and after more work.
  ++totals_->repeated;
  const auto plans = image->crash_plans(random_());
  const auto second_image = image->crash(plans[pick(plain_plans(plans))]);
  restore_parents(*second_image, next_name_);
  recovered.drop();
  LogHarness again(*second_image, clock_, seed_ + 2, trace_options());
  again.keys = keys_;
  if (auto opened = again.open(); !opened) return "second recovery failed: " + opened.error().to_string();
  if (auto broken = oracle_.check(again); !broken.empty()) return "after a second recovery: " + broken;
  if (auto done = again.log->keeper().checkpoint(); !done)
    return "checkpoint after recovery: " + done.error().to_string();
  if (auto broken = oracle_.check(again); !broken.empty()) return "after a checkpoint: " + broken;
  const auto third_image = second_image->crash(CrashPlan());
  again.drop();
  LogHarness third(*third_image, clock_, seed_ + 3, trace_options());
  third.keys = keys_;
  if (auto opened = third.open(); !opened) return "third recovery failed: " + opened.error().to_string();
  return oracle_.check(third);
}

}  // namespace forebay::test
