#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <thread>

#include "base/hex.h"
#include "gateway/delivery/engine/delivery_engine.h"
#include "gateway/delivery/manifest.h"
#include "gateway/stream/embedded_stream_service.h"
#include "sys/sqlite_database.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"
#include "tests/unit/delivery/engine/fake_bucket.h"
#include "tests/unit/delivery/engine/fake_receiver.h"

namespace forebay::test {

namespace dl = forebay::gateway::delivery;
namespace st = forebay::gateway::stream;

inline constexpr std::string_view kAccount = "000000000000";

/// What outlives gateways: time, the bucket, the receiver, the definitions that documents stand for.
struct World {
  ManualClock clock;
  SeededEntropy entropy{1};
  LogCapture lines;
  std::shared_ptr<FakeBucket> bucket = std::make_shared<FakeBucket>();
  std::map<std::string, std::shared_ptr<FakeBucket>> named_buckets;  ///< every other name is `bucket`
  std::shared_ptr<FakeReceiver> receiver = std::make_shared<FakeReceiver>();
  dl::RecordSink::Limits limits;
  dl::EngineOptions engine;
  std::map<std::string, dl::DeliveryDefinition> documents;
};

/// Waits for something that another thread brings about; 60 s are for a machine that is very busy.
inline bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

template <class T>
Task<void> keep_result(Task<T> task, std::optional<T>& out) {
  T value = co_await std::move(task);
  out.emplace(std::move(value));
}

/// A stream service and a delivery engine on one disk.
class Gateway final : public dl::SinkFactory {
 public:
  Gateway(World& world, FileSystem& disk, std::string engine_data = "/data") : world_(world), disk_(disk) {
    store = std::make_shared<FakeStore>(world.bucket);
    st::EmbeddedStreamDependencies streams;
    streams.files = &disk;
    streams.clock = &world.clock;
    streams.entropy = &world.entropy;
    streams.metrics = &metrics;
    streams.open_database = [this](const std::string& path) { return open_database(disk_, path); };
    streams.fatal = [](const Error&) {};
    gateway::log::LogOptions log;
    log.journal.file_bytes = 1_MiB;
    log.journal.commit_bytes_max = 256_KiB;
    log.journal.alignment = 512;
    log.commit_bytes_max = 128_KiB;
    log.free_space_floor = 0;
    auto opened = st::EmbeddedStreamService::open(std::move(streams), "/data", log, Logger(world.lines, "log"));
    if (!opened) {
      ADD_FAILURE() << opened.error().to_string();
      return;
    }
    service = *std::move(opened);
    engine = open_engine(std::move(engine_data));
    if (!engine) return;
    service->start();
    engine->start();
  }
  ~Gateway() override { close(); }
  void close() {
    if (engine) engine->stop();
    if (service) (void)service->stop();
    engine.reset();
    service.reset();
  }

  std::unique_ptr<dl::DeliveryEngine> open_engine(std::string data) {
    (void)disk_.create_directories(data);
    dl::EngineDependencies dependencies;
    dependencies.streams = service.get();
    dependencies.sinks = this;
    dependencies.clock = &world_.clock;
    dependencies.entropy = &world_.entropy;
    dependencies.metrics = &metrics;
    dependencies.open_database = [this](const std::string& path) { return open_database(disk_, path); };
    dependencies.compile = [this](const dl::DeliveryInfo& info) -> Result<dl::DeliveryDefinition> {
      const auto found = world_.documents.find(info.document);
      if (found == world_.documents.end()) return Error{Errc::unsupported, "no package for " + info.document};
      return found->second;
    };
    dependencies.region = "eu-central-1";
    dependencies.fatal = [](const Error&) {};
    auto opened = dl::DeliveryEngine::open(std::move(dependencies), data, options(), Logger(world_.lines, "delivery"));
    if (opened) return *std::move(opened);
    ADD_FAILURE() << opened.error().to_string();
    return {};
  }
  [[nodiscard]] dl::EngineOptions options() const {
    dl::EngineOptions options = world_.engine;
    options.store_backoff = {Milliseconds(1), Milliseconds(4)};
    options.sink_first_wait = Milliseconds(1);
    options.sink_wait_max = Milliseconds(4);
    options.watch_interval = Milliseconds(3);
    options.stop_timeout = Milliseconds(2'000);
    return options;
  }

  Result<std::shared_ptr<dl::ObjectStore>> object_store(const std::string& name) override {
    if (name == "missing") return Error{Errc::invalid_argument, "no bucket can be named missing"};
    const auto other = world_.named_buckets.find(name);
    if (other != world_.named_buckets.end())
      return std::shared_ptr<dl::ObjectStore>(std::make_shared<FakeStore>(other->second));
    return std::shared_ptr<dl::ObjectStore>(store);
  }
  Result<std::unique_ptr<dl::RecordSink>> record_sink(const dl::RecordDestination&, const dl::SourceShard&) override {
    return std::unique_ptr<dl::RecordSink>(std::make_unique<FakeSink>(world_.receiver, world_.limits));
  }

  /// Runs one call to its end, as an event loop would.
  template <class T>
  T run(Task<T> task) {
    loop.restart();
    std::optional<T> result;
    boost::asio::co_spawn(loop, keep_result(std::move(task), result), boost::asio::detached);
    loop.run();
    return *std::move(result);
  }

  st::StreamPtr make_stream(const std::string& name, std::uint32_t shards = 1) {
    st::CreateStream request;
    request.account = kAccount;
    request.name = name;
    request.shard_count = shards;
    auto made = run(service->create(request));
    EXPECT_TRUE(made);
    return made ? *made : nullptr;
  }
  /// Puts "<prefix><number>" for each number, by 16 keys in turn; true when all were acknowledged.
  bool put(const std::string& stream, const std::string& prefix, int from, int to) {
    std::vector<std::string> texts;
    std::vector<std::string> keys;
    for (int i = from; i < to; ++i) {
      texts.push_back(prefix + std::to_string(i));
      keys.push_back("key" + std::to_string(i % 16));
    }
    std::vector<st::PutRecord> records;
    for (std::size_t i = 0; i < texts.size(); ++i) records.push_back({keys[i], {}, as_bytes(texts[i])});
    const std::span<const st::PutRecord> span(records);
    return run(service->put(service->find(kAccount, stream), span)).ok();
  }
  Result<dl::DeliveryInfo> create(const std::string& name, const std::string& document) {
    dl::DeliveryInfo info;
    info.account = kAccount;
    info.name = name;
    info.document = document;
    return run(engine->create(info, world_.documents.at(document)));
  }
  Result<dl::DeliveryInfo> update(const std::string& name, const std::string& document) {
    const std::uint64_t version = engine->find(kAccount, name)->version;
    return run(engine->update(std::string(kAccount), name, version, document, world_.documents.at(document)));
  }
  [[nodiscard]] dl::DeliveryStatus status(const std::string& name) const { return engine->status(kAccount, name); }

  MetricsRegistry metrics;
  std::shared_ptr<FakeStore> store;
  boost::asio::io_context loop{1};  ///< outlives the service
  std::unique_ptr<st::EmbeddedStreamService> service;
  std::unique_ptr<dl::DeliveryEngine> engine;

 private:
  World& world_;
  FileSystem& disk_;
};

/// Objects of lines, a new cut as soon as something is there.
inline dl::DeliveryDefinition line_objects(const std::string& stream, std::uint32_t interval_seconds = 0) {
  dl::ObjectDestination objects;
  objects.bucket = "b";
  objects.prefix = "data/";
  objects.error_prefix = "errors/";
  objects.buffering = {1, interval_seconds};
  dl::DeliveryDefinition definition;
  definition.source_stream = stream;
  definition.from_start = true;
  definition.processing.delimiter = "\n";
  definition.destination = objects;
  return definition;
}

inline dl::DeliveryDefinition to_receiver(const std::string& stream) {
  dl::RecordDestination records;
  dl::HttpDestination http;
  http.url = "https://receiver.example/";
  records.sink = http;
  records.buffering = {1, 0};
  records.dead_letters.objects.bucket = "b";
  records.dead_letters.objects.error_prefix = "dead/";
  dl::DeliveryDefinition definition;
  definition.source_stream = stream;
  definition.from_start = true;
  definition.destination = records;
  return definition;
}

/// Lanes of the manifest, read as an exactly-once consumer does.
struct Delivered {
  std::map<std::string, std::vector<std::string>> lines;  ///< by lane (key without index), in the order of the chain
  std::vector<dl::ManifestEntry> entries;
  std::string problem;  ///< empty: every chain is whole
  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> texts;
    for (const auto& [lane, own] : lines) texts.insert(texts.end(), own.begin(), own.end());
    return texts;
  }
};

inline Delivered read_manifest(const FakeBucket& bucket, const std::string& prefix = "_forebay/manifest/") {
  Delivered delivered;
  struct Next {
    std::uint64_t index = 0;
    std::string hash;
    st::Offset offset;
  };
  std::map<std::string, Next> lanes;
  for (const std::string& key : bucket.keys(prefix)) {
    const Buffer text = *bucket.get(key);
    const auto entry = dl::parse_manifest_entry(as_text(text));
    if (!entry) {
      delivered.problem = entry.error().to_string();
      return delivered;
    }
    const std::string lane = key.substr(0, key.rfind('/'));
    Next& next = lanes[lane];
    if (entry->cut.index != next.index || entry->previous != next.hash)
      delivered.problem = key + " does not continue the chain";
    if (next.index > 0 && (entry->begins ? entry->cut.first < next.offset : entry->cut.first != next.offset))
      delivered.problem = key + " leaves offsets out, or has them again";
    next = {next.index + 1, to_hex(sha256(text)), entry->cut.last + 1};
    for (const auto& object : entry->objects) {
      const auto body = bucket.get(object.key);
      if (!body || to_hex(sha256(*body)) != object.sha256) {
        delivered.problem = object.key + " is not what the manifest says";
        return delivered;
      }
      if (!object.error_type.empty()) continue;
      std::string_view rest = as_text(*body);
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        delivered.lines[lane].emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    delivered.entries.push_back(*entry);
  }
  return delivered;
}

inline std::vector<std::string> numbered(const std::string& prefix, int from, int to) {
  std::vector<std::string> texts;
  for (int i = from; i < to; ++i) texts.push_back(prefix + std::to_string(i));
  return texts;
}

}  // namespace forebay::test
