#pragma once

#include <string>
#include <vector>

#include "spool/spool.h"
#include "tests/support/log_capture.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/seeded_entropy.h"

namespace forebay::spool {

/// A spool on a disk in memory.
class SpoolFixture {
 public:
  explicit SpoolFixture(std::uint64_t seed = 1) : entropy(seed) {
    options.file_bytes = 128_KiB;
    options.max_bytes = 8 * 128_KiB;
    options.free_space_floor = 0;
    options.device = "d";
  }

  std::unique_ptr<Spool> open(test::MemoryFileSystem& on) {
    auto opened = Spool::open(on, clock, entropy, Logger(log, "spool"), "s", options);
    error = opened ? Error{} : opened.error();
    return opened ? *std::move(opened) : nullptr;
  }
  std::unique_ptr<Spool> open() { return open(disk); }

  static RecordChunk chunk(const std::string& stream, const std::vector<std::string>& texts,
                           const std::string& source = "", const std::string& position = "") {
    RecordChunk chunk(stream);
    for (const std::string& text : texts) chunk.add("k", from_millis(1000), as_bytes(text));
    chunk.position = {source, to_buffer(as_bytes(position))};
    return chunk;
  }
  static Result<void> put(Spool& spool, const std::string& stream, const std::vector<std::string>& texts,
                          const std::string& source = "", const std::string& position = "") {
    const RecordChunk one = chunk(stream, texts, source, position);
    return spool.append(std::span(&one, 1));
  }
  static std::vector<std::string> texts_of(const SealedBatch& batch) {
    std::vector<std::string> texts;
    for (const Buffer& piece : batch.records) {
      RecordChunkReader reader(piece);
      while (const auto record = reader.next()) texts.emplace_back(as_text(record->data));
      if (reader.failed()) texts.emplace_back("DOES NOT DECODE");
    }
    return texts;
  }
  /// Everything owed, lane by lane, without acknowledging.
  static std::vector<std::string> drain(Spool& spool, const Spool::BatchLimits& limits = {}, bool acknowledge = false) {
    std::vector<std::string> all;
    for (const LaneStatus& status : spool.lanes()) {
      std::uint64_t after = status.acked;
      for (;;) {
        auto batch = spool.next_batch(status.lane, after, limits);
        if (!batch) {
          all.push_back(batch.error().to_string());
          break;
        }
        if (!*batch) break;
        for (std::string& text : texts_of(**batch)) all.push_back(std::move(text));
        after = (*batch)->seal.first + (*batch)->seal.count - 1;
        if (acknowledge) (void)spool.acknowledge(status.lane, after, 7).ok();
      }
    }
    return all;
  }
  LaneId lane(const Spool& spool, const std::string& stream) const { return {spool.lineage(), stream}; }

  test::MemoryFileSystem disk;
  test::SeededEntropy entropy;
  test::LogCapture log;
  test::ManualClock clock;
  SpoolOptions options;
  Error error;
};

/// Sum of "count" over gap records, and the other records apart.
struct Delivered {
  std::vector<std::string> records;
  std::uint64_t declared = 0;

  explicit Delivered(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      const auto at =
          text.find(R"("_forebay":"gap")") == std::string::npos ? std::string::npos : text.find("\"count\":");
      if (at == std::string::npos) {
        records.push_back(text);
      } else {
        declared += std::stoull(text.substr(at + 8));
      }
    }
  }
};

}  // namespace forebay::spool
