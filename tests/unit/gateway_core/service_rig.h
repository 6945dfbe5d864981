#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/stream/embedded_stream_service.h"
#include "sys/posix_file_system.h"
#include "sys/sqlite_database.h"
#include "sys/system_clock.h"
#include "sys/system_entropy.h"
#include "tests/support/log_capture.h"
#include "tests/support/temp_directory.h"
#include "wire/kafka/record_batch.h"

namespace forebay::test {

namespace gstream = forebay::gateway::stream;

inline constexpr std::string_view kAccount = "000000000000";

/// A record to put, with its own memory.
struct Text {
  std::string key;
  std::string data;
  std::optional<HashKey> hash = {};
};

template <class T>
Task<void> store(Task<T> task, std::optional<T>& out) {
  T value = co_await std::move(task);
  out.emplace(std::move(value));
}

inline Task<Result<std::vector<gstream::PutOutcome>>> put_texts(gstream::StreamService& service,
                                                                gstream::StreamPtr stream, std::vector<Text> records) {
  std::vector<gstream::PutRecord> views;
  for (const Text& record : records) views.push_back({record.key, record.hash, as_bytes(record.data)});
  const std::span<const gstream::PutRecord> span(views);
  co_return co_await service.put(stream, span);
}

/// Values of all records of a read.
inline std::vector<std::string> texts(const gstream::ReadResult& read) {
  std::vector<std::string> values;
  Buffer scratch;
  for (const auto& batch : read.batches)
    EXPECT_TRUE(wire::kafka::for_each_record(
        batch.bytes, wire::kafka::BatchLimits(), scratch,
        [&](const wire::kafka::BatchRecord& record) { values.emplace_back(as_text(record.value)); }));
  return values;
}

/// The whole core with its threads on a real disk, driven from one loop.
struct ServiceRig : ::testing::Test {
  TempDirectory folder;
  PosixFileSystem files;
  SystemClock clock;
  SystemEntropy entropy;
  MetricsRegistry metrics;
  LogCapture lines;
  boost::asio::io_context loop{1};  ///< lives until the service has stopped
  std::unique_ptr<gstream::EmbeddedStreamService> service;

  void SetUp() override { open(); }
  void TearDown() override {
    if (service) {
      EXPECT_TRUE(service->stop());
    }
  }
  void open() {
    gstream::EmbeddedStreamDependencies dependencies;
    dependencies.files = &files;
    dependencies.clock = &clock;
    dependencies.entropy = &entropy;
    dependencies.metrics = &metrics;
    dependencies.open_database = [this](const std::string& path) { return open_database(files, path); };
    dependencies.fatal = [](const Error& error) { ADD_FAILURE() << error.to_string(); };
    gateway::log::LogOptions options;
    options.journal.file_bytes = 1_MiB;
    options.journal.commit_bytes_max = 256_KiB;
    options.commit_bytes_max = 128_KiB;
    options.free_space_floor = 0;
    auto opened = gstream::EmbeddedStreamService::open(std::move(dependencies), folder.file("data"), options,
                                                       Logger(lines, "core"));
    ASSERT_TRUE(opened) << opened.error().to_string();
    service = *std::move(opened);
    service->start();
  }
  void reopen() {
    ASSERT_TRUE(service->stop());
    service.reset();
    open();
  }
  /// Puts a task on the loop; its result is there when the loop has run.
  template <class T>
  void begin(Task<T> task, std::optional<T>& result) {
    boost::asio::co_spawn(loop, store(std::move(task), result), boost::asio::detached);
  }
  /// Runs one coroutine to its end.
  template <class T>
  T run(Task<T> task) {
    loop.restart();
    std::optional<T> result;
    begin(std::move(task), result);
    loop.run();
    return *std::move(result);
  }
  gstream::StreamPtr create(std::string name, std::uint32_t shards = 1) {
    gstream::CreateStream request;
    request.account = kAccount;
    request.name = std::move(name);
    request.shard_count = shards;
    return *run(service->create(request));
  }
};

}  // namespace forebay::test
