#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/log/embedded_log.h"
#include "sys/sqlite_database.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"
#include "wire/kafka/record_batch.h"

namespace forebay::test {

namespace glog = forebay::gateway::log;

/// Keeps finished submissions in order.
class CollectingOwner final : public glog::SubmissionOwner {
 public:
  void completed(std::vector<glog::SubmissionPtr> finished) override {
    for (auto& one : finished) all.push_back(std::move(one));
    if (on_completed) on_completed();
  }
  std::vector<glog::SubmissionPtr> all;
  std::function<void()> on_completed;
};

inline glog::LogOptions small_log_options() {
  glog::LogOptions options;
  options.journal.file_bytes = 64_KiB;
  options.journal.commit_bytes_max = 32_KiB;
  options.journal.alignment = 512;
  options.commit_bytes_max = 24_KiB;
  options.segment.segment_bytes_max = 2_KiB;
  options.tail_bytes_max = 1_MiB;
  options.free_space_floor = 0;
  return options;
}

/// A record batch of `count` records whose values are "<prefix><number>".
inline glog::BatchPart make_part(std::uint32_t shard, const std::string& prefix, std::uint32_t count,
                                 std::int64_t timestamp_ms = 1000) {
  wire::kafka::RecordBatchBuilder builder;
  for (std::uint32_t i = 0; i < count; ++i)
    builder.add("key", as_bytes(prefix + std::to_string(i)), timestamp_ms + i);
  glog::BatchPart part;
  part.shard = glog::ShardNumber(shard);
  part.record_count = count;
  part.max_timestamp_ms = builder.max_timestamp_ms();
  builder.finish(wire::kafka::Codec::none, part.bytes);
  return part;
}

/// Values of all records of a read, each with its offset.
inline std::vector<std::pair<std::int64_t, std::string>> values_of(const glog::LogRead& read) {
  std::vector<std::pair<std::int64_t, std::string>> values;
  Buffer scratch;
  for (const auto& batch : read.batches) {
    auto walked = wire::kafka::for_each_record(
        batch.bytes, wire::kafka::BatchLimits(), scratch, [&](const wire::kafka::BatchRecord& record) -> Result<void> {
          values.emplace_back(batch.base.value() + record.offset_delta, std::string(as_text(record.value)));
          return {};
        });
    if (!walked) values.emplace_back(-1, walked.error().to_string());
  }
  return values;
}

/// The log on any file system, driven in a plain loop: submit, turn, read.
class LogHarness {
 public:
  explicit LogHarness(FileSystem& files, ManualClock& clock, std::uint64_t seed = 1,
                      glog::LogOptions options = small_log_options())
      : files_(&files), clock_(&clock), entropy_(seed), options_(options) {}
  ~LogHarness() { drop(); }

  Result<void> open() {
    glog::LogDependencies dependencies;
    dependencies.files = files_;
    dependencies.clock = clock_;
    dependencies.entropy = &entropy_;
    dependencies.metrics = &metrics_;
    dependencies.open_database = [this](const std::string& path) { return open_database(*files_, path); };
    dependencies.keys = keys;
    dependencies.fatal = [this](const Error& error) { fatal.push_back(error); };
    FB_TRY(log, glog::EmbeddedLog::open(std::move(dependencies), "/data", options_, Logger(lines, "log")));
    return {};
  }
  /// Ends without any of stop()'s work, as a kill does.
  void drop() { log.reset(); }
  Result<void> close() { return log->stop(); }

  /// Submits, runs turns until done, and returns the submission.
  glog::SubmissionPtr run(glog::Work work) {
    auto submission = std::make_unique<glog::Submission>(std::move(work), owner);
    if (auto taken = log->submit(std::move(submission)); !taken) return nullptr;
    while (log->sequencer().turn()) {
    }
    if (owner.all.empty()) return nullptr;
    auto done = std::move(owner.all.back());
    owner.all.clear();
    return done;
  }
  static glog::CreateStreamWork create_work(const std::string& name, std::uint32_t shards, std::int32_t hours = 24) {
    glog::CreateStreamWork create;
    create.definition.account = "000000000000";
    create.definition.name = name;
    create.definition.retention_hours = hours;
    const auto ranges = glog::equal_ranges(shards);
    for (std::uint32_t i = 0; i < shards; ++i) {
      glog::ShardDefinition shard;
      shard.number = glog::ShardNumber(i);
      shard.range = ranges[i];
      create.definition.shards.push_back(shard);
    }
    return create;
  }
  glog::StreamId create(const std::string& name, std::uint32_t shards, std::int32_t hours = 24) {
    const auto done = run(create_work(name, shards, hours));
    if (!done || done->error) return glog::StreamId(0);
    return std::get<glog::CreateStreamWork>(done->work).definition.id;
  }
  glog::SubmissionPtr put(glog::StreamId stream, std::uint32_t shard, const std::string& prefix, std::uint32_t count) {
    glog::PutWork put;
    put.stream = stream;
    put.map_version = 1;
    put.parts.push_back(make_part(shard, prefix, count));
    return run(std::move(put));
  }
  [[nodiscard]] std::shared_ptr<glog::ShardView> view(glog::StreamId stream, std::uint32_t shard) const {
    const auto directory = log->directory();
    const auto found = directory->streams.find(stream);
    if (found == directory->streams.end()) return nullptr;
    return found->second->views.at(found->second->index_of(glog::ShardNumber(shard)));
  }
  /// Everything a shard holds; an entry with offset -1 tells of a failed read.
  std::vector<std::pair<std::int64_t, std::string>> read_all(glog::StreamId stream, std::uint32_t shard) {
    return read_all(*view(stream, shard));
  }
  std::vector<std::pair<std::int64_t, std::string>> read_all(const glog::ShardView& v) {
    std::vector<std::pair<std::int64_t, std::string>> values;
    glog::Offset from = v.start();
    while (from < v.end()) {
      const auto read = log->reader().read(v, from, 1_KiB);
      if (!read) {
        values.emplace_back(-1, read.error().to_string());
        return values;
      }
      for (auto& value : values_of(*read)) values.push_back(std::move(value));
      from = read->batches.back().base + read->batches.back().record_count;
    }
    return values;
  }

  std::unique_ptr<glog::EmbeddedLog> log;
  CollectingOwner owner;
  std::vector<Error> fatal;
  std::shared_ptr<glog::KeyRing> keys;  ///< taken by open()
  LogCapture lines;
  [[nodiscard]] MetricsRegistry& metrics() { return metrics_; }

 private:
  FileSystem* files_;
  ManualClock* clock_;
  SeededEntropy entropy_;
  MetricsRegistry metrics_;
  glog::LogOptions options_;
};

}  // namespace forebay::test
