#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "gateway/kinesis/subscription.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/seeded_entropy.h"
#include "wire/kafka/record_batch.h"
#include "wire/kinesis/event_stream.h"

namespace forebay::gateway::test {

/// A shard that holds what the test puts there.
struct MemoryShard final : stream::Shard {
  stream::Offset start;
  stream::Offset end;
  WallTime last;
  [[nodiscard]] stream::Offset start_offset() const override { return start; }
  [[nodiscard]] stream::Offset end_offset() const override { return end; }
  [[nodiscard]] WallTime last_arrival() const override { return last; }
};

/// One stream with one shard, in memory; waiting moves the clock on. Single-threaded.
class MemoryStreams final : public stream::StreamService {
 public:
  explicit MemoryStreams(forebay::test::ManualClock& clock) : clock_(clock) {
    auto fresh = std::make_shared<MemoryShard>();
    fresh->number = stream::ShardNumber(7);
    fresh->created = fresh->last = clock.wall_now();
    shard = fresh;
    auto first = std::make_shared<stream::Stream>();
    first->id = stream::StreamId(3);
    first->account = "000000000000";
    first->name = "s";
    first->attributes["consumer/c"] = "1767323045";
    first->shards = first->open_shards = {shard};
    current = first;
  }

  /// Adds one batch of records; both end with the batch.
  void add(const std::vector<std::pair<std::string, std::string>>& records) {
    wire::kafka::RecordBatchBuilder builder;
    for (const auto& [key, data] : records) builder.add(key, as_bytes(data), to_millis(clock_.wall_now()));
    Stored batch;
    builder.finish(wire::kafka::Codec::none, batch.bytes);
    batch.base = shard->end;
    batch.count = static_cast<std::int32_t>(records.size());
    batch.arrival = clock_.wall_now();
    wire::kafka::set_base_offset(batch.bytes, batch.base.value());
    batches.push_back(std::move(batch));
    shard->end = shard->end + batch_count(records);
    shard->last = clock_.wall_now();
  }
  /// Replaces the snapshot by a changed copy.
  template <class Change>
  void change(Change&& edit) {
    auto copy = std::make_shared<stream::Stream>(*current);
    edit(*copy);
    current = copy;
  }
  /// The shard is split: a new snapshot in which it is closed and has two children.
  void close_shard() {
    auto closed = std::make_shared<MemoryShard>(*shard);
    closed->closed = clock_.wall_now();
    shard = closed;
    change([&](stream::Stream& stream) {
      stream.shards = {shard};
      for (const std::uint32_t number : {8u, 9u}) {
        auto child = std::make_shared<MemoryShard>();
        child->number = stream::ShardNumber(number);
        child->parent = shard->number;
        stream.shards.push_back(child);
      }
    });
  }

  [[nodiscard]] stream::StreamPtr find(std::string_view account, std::string_view name) const override {
    return current && account == current->account && name == current->name ? current : nullptr;
  }
  [[nodiscard]] std::vector<stream::StreamPtr> list(std::string_view, std::string_view, std::size_t) const override {
    return {current};
  }
  [[nodiscard]] std::uint64_t open_shard_count(std::string_view) const override { return 1; }
  [[nodiscard]] std::uint64_t timeline() const override { return 1; }

  Task<Result<stream::ReadResult>> read(std::shared_ptr<const stream::Shard> from_shard, stream::Offset from,
                                        std::size_t bytes_max) override {
    ++reads;
    if (from < from_shard->start_offset()) co_return Error{Errc::out_of_range, "trimmed"};
    if (hole && from < *hole) co_return Error{Errc::corrupt, "a declared hole"};
    stream::ReadResult result;
    result.end = from_shard->end_offset();
    std::size_t bytes = 0;
    for (const Stored& batch : batches) {
      if (batch.base + batch.count <= from) continue;
      if (!result.batches.empty() && bytes + batch.bytes.size() > bytes_max) break;
      bytes += batch.bytes.size();
      result.batches.push_back({batch.bytes, batch.base, batch.count, batch.arrival, {}, false});
    }
    co_return result;
  }
  Task<Result<stream::Offset>> readable_from(std::shared_ptr<const stream::Shard>, stream::Offset) override {
    co_return hole.value_or(shard->end);
  }
  Task<Result<stream::Offset>> wait_for_records(std::shared_ptr<const stream::Shard> waited_shard, stream::Offset from,
                                                Milliseconds timeout) override {
    waits.push_back(timeout);
    if (stopping) co_return Error{Errc::not_found, "the service stops"};
    if (while_waiting) std::exchange(while_waiting, nullptr)();
    if (waited_shard->end_offset() <= from) clock_.advance(timeout);
    co_return waited_shard->end_offset();
  }
  Task<Result<stream::Offset>> offset_at(std::shared_ptr<const stream::Shard> asked, WallTime time) override {
    for (const Stored& batch : batches)
      if (batch.arrival >= time) co_return batch.base;
    co_return asked->end_offset();
  }

  // What these tests do not ask for.
  [[nodiscard]] stream::Attributes account_attributes(std::string_view) const override { return {}; }
  Task<Result<stream::StreamPtr>> change(stream::StreamPtr, stream::StreamSettings) override { co_return refused(); }
  Task<Result<stream::StreamPtr>> split(stream::StreamPtr, stream::ShardNumber, HashKey) override {
    co_return refused();
  }
  Task<Result<stream::StreamPtr>> merge(stream::StreamPtr, stream::ShardNumber, stream::ShardNumber) override {
    co_return refused();
  }
  Task<Result<stream::StreamPtr>> scale(stream::StreamPtr, std::uint32_t,
                                        std::vector<stream::AttributeChange>) override {
    co_return refused();
  }
  Task<Result<void>> set_account_attributes(std::string, std::vector<stream::AttributeChange>) override {
    co_return refused();
  }
  Task<Result<stream::StreamPtr>> create(stream::CreateStream) override { co_return refused(); }
  Task<Result<void>> remove(stream::StreamPtr) override { co_return refused(); }
  Task<Result<void>> set_retention(stream::StreamPtr, std::int32_t) override { co_return refused(); }
  Task<Result<std::vector<stream::PutOutcome>>> put(stream::StreamPtr, std::span<const stream::PutRecord>) override {
    co_return refused();
  }
  Task<Result<std::vector<stream::LaneBatchOutcome>>> append_lanes(std::vector<stream::LaneBatch>) override {
    co_return refused();
  }
  Task<Result<std::vector<stream::LaneState>>> lane_states(std::vector<std::pair<Lineage, stream::StreamId>>) override {
    co_return refused();
  }
  Task<Result<void>> forget_lineages(std::array<std::uint8_t, 16>, std::uint64_t) override { co_return refused(); }

  std::shared_ptr<MemoryShard> shard;
  stream::StreamPtr current;
  std::optional<stream::Offset> hole;        ///< where reading can go on
  bool stopping = false;
  std::function<void()> while_waiting;       ///< runs once, in the next wait
  std::vector<Milliseconds> waits;
  std::size_t reads = 0;

 private:
  struct Stored {
    Buffer bytes;
    stream::Offset base;
    std::int32_t count = 0;
    WallTime arrival;
  };
  static std::int64_t batch_count(const std::vector<std::pair<std::string, std::string>>& records) {
    return static_cast<std::int64_t>(records.size());
  }
  static Error refused() { return Error{Errc::unsupported, "not part of this test"}; }

  forebay::test::ManualClock& clock_;
  std::vector<Stored> batches;
};

/// A frame of the answer, taken apart.
struct SeenFrame {
  std::string kind;  ///< event or exception type; empty: the stream has ended
  nlohmann::json payload;
  std::string bytes;

  [[nodiscard]] std::string continuation() const { return payload.value("ContinuationSequenceNumber", ""); }
  [[nodiscard]] std::size_t records() const { return payload["Records"].size(); }
};

/// Subscriptions on the memory stream, pulled frame by frame.
class FanOutRig {
 public:
  FanOutRig() {
    request.identity = {};
    found.stream = streams.current;
    found.consumer = {"c", from_millis(1'767'323'045'000), false};
  }

  std::unique_ptr<kinesis::Subscription> subscribe(stream::Offset from, const std::string& consumer = "c") {
    kinesis::SubscriptionKey key{found.stream->id, streams.shard->number, consumer, 1'767'323'045};
    auto place = services.fan_out->subscriptions.take(std::move(key), clock.steady_now());
    if (!place) return nullptr;
    return std::make_unique<kinesis::Subscription>(call, found, streams.shard, from, *std::move(place));
  }
  /// The next piece, which must be one frame with right checksums.
  SeenFrame next(kinesis::Subscription& subscription) {
    SeenFrame seen;
    const auto piece = run(subscription.next());
    if (!piece) return seen;
    seen.bytes = std::string(as_text(*piece));
    const auto message = wire::kinesis::read_event_frame(seen.bytes);
    EXPECT_TRUE(message.ok() && message->has_value());
    if (!message.ok() || !*message) return seen;
    EXPECT_EQ((*message)->frame_bytes, seen.bytes.size());
    seen.kind =
        std::string((*message)->header(":event-type").value_or((*message)->header(":exception-type").value_or("")));
    seen.payload = nlohmann::json::parse((*message)->payload);
    return seen;
  }
  /// A subscription whose initial response has been taken.
  std::unique_ptr<kinesis::Subscription> opened(stream::Offset from, const std::string& consumer = "c") {
    auto subscription = subscribe(from, consumer);
    EXPECT_EQ(next(*subscription).kind, "initial-response");
    return subscription;
  }
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    boost::asio::io_context context;
    auto keep = [&](std::exception_ptr, T value) { result = std::move(value); };
    boost::asio::co_spawn(context, std::move(task), keep);
    context.run();
    return *std::move(result);
  }

  forebay::test::ManualClock clock;
  forebay::test::LogCapture log;
  forebay::test::SeededEntropy entropy{1};
  MetricsRegistry registry;
  kinesis::KinesisMetrics metrics{registry};
  kinesis::TokenSealer sealer{Sha256{1}};
  MemoryStreams streams{clock};
  kinesis::KinesisServices services{streams, clock, entropy, sealer, metrics, Logger(log, "kinesis"), "000000000000",
                                    "us-east-1"};
  kinesis::CallScratch scratch;
  http::TextPool texts{1u << 20};
  http::Request request;
  kinesis::Call call{services, scratch, texts, request, "SubscribeToShard", "000000000000", "us-east-1"};
  kinesis::FoundConsumer found;
};

}  // namespace forebay::gateway::test
