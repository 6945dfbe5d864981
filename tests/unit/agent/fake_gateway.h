#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/uploader/upload_client.h"
#include "wire/kafka/record_batch.h"

namespace forebay::agent {

/// The gateway's side of the upload protocol in memory (rules G1-G3, docs/formats/upload.md), with faults on demand.
class FakeGateway final : public UploadClient {
 public:
  struct Held {
    std::uint64_t last = 0;
    std::map<std::uint64_t, std::pair<std::uint64_t, std::uint32_t>> ranges;  ///< first -> last, checksum
  };
  struct State {
    std::map<std::pair<Lineage, std::uint64_t>, Held> lanes;
    std::map<std::string, std::vector<std::string>> records;  ///< by stream, in order: "key=data"
  };

  UploadResult<wire::upload::OpenReply> open(const wire::upload::OpenRequest& request) override {
    ++opens;
    last_open = request;
    if (const auto failure = take_failure()) return *failure;
    wire::upload::OpenReply reply;
    reply.timeline = timeline;
    reply.request_bytes_max = 4 << 20;
    std::set<std::string> mapped;
    for (const auto& lane : request.lanes) {
      wire::upload::OpenLaneReply answer;
      const auto stream = streams.find(lane.stream);
      const Lineage& lineage = request.lineages.at(lane.lineage);
      if (stale.contains(lineage)) {
        answer.state = wire::upload::OpenState::stale;
        answer.last = stale_through;
      } else if (stream == streams.end()) {
        answer.state = wire::upload::OpenState::missing_stream;
      } else {
        answer.incarnation = stream->second;
        answer.last = state.lanes[{lineage, stream->second}].last;
        if (mapped.insert(lane.stream).second) reply.maps.push_back(map_of(lane.stream, stream->second));
      }
      reply.lanes.push_back(answer);
    }
    return reply;
  }

  UploadResult<wire::upload::BatchesReply> send(ByteView body) override {
    ++sends;
    bodies.push_back(to_buffer(body));
    if (body.size() > proxy_bytes_max) return UploadFailure{FailureKind::too_large, {}, "HTTP 413"};
    const auto failure = take_failure();
    if (failure && !lose_reply) return *failure;
    auto request = wire::upload::decode_batches_request(body);
    if (!request) return UploadFailure{FailureKind::protocol, {}, request.error().context};
    wire::upload::BatchesReply reply;
    reply.timeline = timeline;
    for (const auto& batch : request->batches)
      reply.lanes.push_back(request->timeline == timeline ? take(batch) : answer(wire::upload::LaneOutcome::reopen, 0));
    if (failure) return *failure;
    return reply;
  }

  UploadResult<std::monostate> close(const wire::upload::CloseRequest& request) override {
    if (const auto failure = take_failure()) return *failure;
    closes.push_back(request);
    std::erase_if(state.lanes, [&](const auto& entry) { return entry.first.first.ordinal <= request.through; });
    return std::monostate();
  }
  void cancel() override {}

  /// The next calls fail in this order; with lose_reply a batches request is handled all the same.
  void fail_next(FailureKind kind, int times = 1) {
    for (int i = 0; i < times; ++i) failures.push_back(kind);
  }

  std::map<std::string, std::uint64_t> streams;  ///< name -> incarnation
  std::vector<HashKeyRange> ranges{HashKeyRange{}};
  std::set<Lineage> stale;
  std::uint64_t stale_through = 0;  ///< ordinal that such answers tell
  std::uint64_t timeline = 1;
  State state;
  std::deque<FailureKind> failures;
  bool lose_reply = false;
  std::size_t proxy_bytes_max = ~std::size_t{0};                    ///< larger batches requests are answered 413
  std::map<std::string, wire::upload::LaneOutcome> answer_instead;  ///< by stream: outcome of the next batch
  int opens = 0;
  int sends = 0;
  std::vector<wire::upload::CloseRequest> closes;
  wire::upload::OpenRequest last_open;
  std::vector<Buffer> bodies;

 private:
  std::optional<UploadFailure> take_failure() {
    if (failures.empty()) return {};
    const FailureKind kind = failures.front();
    failures.pop_front();
    return UploadFailure{kind, {}, "scripted"};
  }
  static wire::upload::LaneReply answer(wire::upload::LaneOutcome outcome, std::uint64_t last) {
    return {outcome, last, {}};
  }
  wire::upload::StreamMap map_of(const std::string& stream, std::uint64_t incarnation) const {
    wire::upload::StreamMap map{stream, incarnation, 1, ranges, {}};
    for (std::uint32_t i = 0; i < ranges.size(); ++i) map.shards.push_back(i);
    return map;
  }
  wire::upload::LaneReply take(const wire::upload::UploadBatch& batch) {
    using wire::upload::LaneOutcome;
    const auto stream = streams.find(batch.stream);
    if (stream == streams.end()) return answer(LaneOutcome::missing_stream, 0);
    if (stream->second != batch.incarnation) return answer(LaneOutcome::reopen, 0);
    if (const auto it = answer_instead.find(batch.stream); it != answer_instead.end()) {
      const LaneOutcome outcome = it->second;
      answer_instead.erase(it);
      return answer(outcome, outcome == LaneOutcome::stale ? stale_through : 0);
    }
    Held& held = state.lanes[{batch.lineage, stream->second}];
    const std::uint64_t last = batch.first + batch.count - 1;
    const std::uint64_t expected =
        std::max(held.last, held.last == 0 ? batch.base : std::max(held.last, batch.base)) + 1;
    if (batch.first == expected) {
      store(batch);
      held.last = last;
      held.ranges[batch.first] = {last, batch.records_crc};
      return answer(LaneOutcome::committed, last);
    }
    if (last <= held.last) {
      const auto known = held.ranges.find(batch.first);
      if (known == held.ranges.end()) return answer(LaneOutcome::unverified, held.last);
      const bool same = known->second == std::pair(last, batch.records_crc);
      return answer(same ? LaneOutcome::duplicate : LaneOutcome::forked, held.last);
    }
    return answer(batch.first <= held.last ? LaneOutcome::forked : LaneOutcome::gap, held.last);
  }
  void store(const wire::upload::UploadBatch& batch) {
    for (const ByteView part : batch.parts) {
      Buffer scratch;
      (void)wire::kafka::for_each_record(
          part, {}, scratch, [&](const wire::kafka::BatchRecord& record) -> Result<void> {
            state.records[batch.stream].push_back(std::string(record.key) + "=" + std::string(as_text(record.value)));
            return {};
          });
    }
  }
};

}  // namespace forebay::agent
