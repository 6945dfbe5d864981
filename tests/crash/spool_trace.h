#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "spool/spool.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::spool {

/// A gateway as the spool's other side sees it: keeps each lane's records, refuses gaps, recognises repeats.
struct FakeGateway {
  struct Held {
    std::uint64_t last = 0;
    std::uint64_t ever = 0;  ///< highest `last` of its life, backups included
    std::map<std::uint64_t, std::string> records;  ///< by sequence
  };
  std::map<LaneId, Held> lanes;

  /// Takes a batch; empty, or what is wrong with it.
  std::string take(const SealedBatch& batch) {
    Held& held = lanes[batch.seal.lane];
    const std::uint64_t last = batch.seal.first + batch.seal.count - 1;
    std::vector<std::string> texts;
    for (const Buffer& piece : batch.records) {
      RecordChunkReader reader(piece);
      while (const auto record = reader.next()) texts.emplace_back(as_text(record->data));
    }
    if (texts.size() != batch.seal.count) return "records are not as many as the seal says";
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto known = held.records.find(batch.seal.first + i);
      if (known != held.records.end() && known->second != texts[i]) return "a sequence got other content";
    }
    if (last <= held.last) return {};
    if (batch.seal.first <= held.last) return "a resent batch has other borders";
    for (std::size_t i = 0; i < texts.size(); ++i) held.records[batch.seal.first + i] = std::move(texts[i]);
    held.last = last;
    held.ever = std::max(held.ever, last);
    return {};
  }
};

/// Records are "<number>:filler"; numbers rise over the whole trace.
inline std::uint64_t number_of(const std::string& text) { return std::stoull(text); }

/// What was told to the givers of records: the oracle.
struct SpoolOracle {
  std::set<std::uint64_t> accepted;
  std::set<std::uint64_t> flying;   ///< of the append that has not returned
  std::uint64_t position = 0;       ///< last durable source position told: number of the last accepted record
  FakeGateway gateway;
  std::map<LaneId, Seal> sealed;    ///< newest seal handed out per lane
  std::set<LaneId> lowered;         ///< lanes of which the gateway lost something
};

/// Runs a seeded mix of everything a spool does, keeping the oracle up to date.
class SpoolTrace {
 public:
  explicit SpoolTrace(std::uint64_t seed) : random(seed), entropy(seed) {
    options.file_bytes = 64_KiB;
    options.max_bytes = (4 + random() % 3) * 64_KiB;
    options.free_space_floor = 0;
    options.when_full = static_cast<WhenFull>(random() % 3);
    options.grace = Milliseconds(random() % 2 == 0 ? 0 : 3'600'000);
    options.device = "d";
  }

  std::unique_ptr<Spool> open(test::MemoryFileSystem& disk) {
    auto opened = Spool::open(disk, clock, entropy, Logger(log, "spool", LogLevel::error), "s", options);
    error = opened ? std::string() : opened.error().to_string();
    return opened ? *std::move(opened) : nullptr;
  }

  bool step(Spool& spool) {
    switch (random() % 12) {
      case 0: return static_cast<bool>(lower(spool));
      case 1: clock.advance(std::chrono::seconds(random() % 10)); return true;
      case 2:
      case 3: return upload(spool, true);
      case 4: return upload(spool, false);
      default: return append(spool);
    }
  }

  bool append(Spool& spool) {
    std::vector<RecordChunk> chunks;
    oracle.flying.clear();
    const std::size_t count = 1 + random() % 2;
    for (std::size_t c = 0; c < count; ++c) {
      RecordChunk chunk(random() % 3 == 0 ? "sys" : "web");
      const std::size_t records = 1 + random() % 4;
      for (std::size_t i = 0; i < records; ++i) {
        const std::uint64_t number = next_number++;
        const std::size_t size = random() % 3 == 0 ? random() % 9'000 : random() % 60;
        const std::string text = std::to_string(number) + ":" + std::string(size, 'x');
        chunk.add("k", from_millis(5), as_bytes(text));
        oracle.flying.insert(number);
      }
      chunk.position = {"f", to_buffer(as_bytes(std::to_string(next_number - 1)))};
      chunks.push_back(std::move(chunk));
    }
    const auto appended = spool.append(chunks);
    if (!appended && appended.error().code == Errc::no_space) {
      oracle.flying.clear();  // nothing appended
      return true;
    }
    if (!appended) {
      error = appended.error().to_string();
      return false;
    }
    oracle.position = next_number - 1;
    oracle.accepted.merge(oracle.flying);
    oracle.flying.clear();
    return true;
  }

  /// Sends a batch of one lane; the acknowledgement may be lost.
  bool upload(Spool& spool, bool acknowledged) {
    const auto lanes = spool.lanes();
    if (lanes.empty()) return true;
    const LaneId lane = lanes[random() % lanes.size()].lane;
    Spool::BatchLimits limits;
    limits.bytes_max = 2'000 + random() % 9'000;
    limits.records_max = 1 + random() % 12;
    const std::string wrong = send(spool, lane, limits, oracle, acknowledged);
    if (!wrong.empty() && wrong != "nothing") error = wrong;
    return wrong.empty() || wrong == "nothing";
  }

  /// One batch from where the gateway stands. "nothing": there is none.
  static std::string send(Spool& spool, const LaneId& lane, const Spool::BatchLimits& limits, SpoolOracle& oracle,
                          bool acknowledged) {
    FakeGateway::Held& held = oracle.gateway.lanes[lane];
    auto batch = spool.next_batch(lane, held.last, limits);
    if (!batch) return batch.error().code == Errc::no_space ? "nothing" : batch.error().to_string();
    if (!*batch) return "nothing";
    const Seal& seal = (*batch)->seal;
    oracle.sealed[lane] = seal;
    if (seal.first > held.last + 1) {
      // Lost and declared before, or gone with the grace: declared now. Either way once.
      const auto declared = spool.declare_gap({lane, held.last + 1, seal.first - 1, "", "gateway_lost"});
      if (!declared) return declared.error().code == Errc::no_space ? "nothing" : declared.error().to_string();
      held.last = seal.first - 1;
      held.ever = std::max(held.ever, held.last);
    }
    const std::string wrong = oracle.gateway.take(**batch);
    if (!wrong.empty()) return wrong;
    if (!acknowledged) return {};
    const auto done = spool.acknowledge(lane, held.last, 1);
    return done ? std::string() : done.error().to_string();
  }

  /// The gateway came back from a backup: it lost the end of a lane.
  bool lower(Spool& spool) {
    if (oracle.gateway.lanes.empty()) return true;
    auto at = oracle.gateway.lanes.begin();
    std::advance(at, random() % oracle.gateway.lanes.size());
    const auto seal = oracle.sealed.find(at->first);
    if (seal == oracle.sealed.end() || at->second.last < seal->second.first) return true;
    at->second.last = seal->second.first - 1;  // a backup ends between batches
    at->second.records.erase(at->second.records.upper_bound(at->second.last), at->second.records.end());
    oracle.lowered.insert(at->first);
    oracle.sealed.erase(seal);  // what was acknowledged may be freed in part, and is cut anew then
    return static_cast<bool>(spool.lower_acknowledged(at->first, at->second.last));
  }

  std::mt19937_64 random;
  test::SeededEntropy entropy;
  test::LogCapture log;
  test::ManualClock clock;
  SpoolOptions options;
  SpoolOracle oracle;
  std::uint64_t next_number = 1;
  std::string error;
};

}  // namespace forebay::spool
