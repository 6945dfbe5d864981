#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/hash_key.h"
#include "spool/journal.h"
#include "spool/record_chunk.h"

namespace forebay::spool {

enum class WhenFull : std::uint8_t { drop_oldest, drop_newest, block };

struct SpoolOptions {
  std::uint64_t max_bytes = 1_GiB;          ///< all journal files together
  std::uint64_t free_space_floor = 64_MiB;  ///< of the file system; below it the spool counts as full
  WhenFull when_full = WhenFull::drop_oldest;
  Milliseconds grace{3'600'000};  ///< acknowledged data is kept this long, at most a quarter of max_bytes (A6)
  std::string device;             ///< named by the records that declare losses
  std::uint64_t ordinal_min = 0;  ///< of this run's lineage; otherwise one more than the last one's
  std::uint64_t file_bytes = 0;   ///< of one journal file; 0: max_bytes / 16 within 1..16 MiB
};

/// One dense sequence of records: everything one lineage put into one stream, numbered from 1.
struct LaneId {
  Lineage lineage;
  std::string stream;
  friend auto operator<=>(const LaneId&, const LaneId&) = default;
};

struct LaneStatus {
  LaneId lane;
  std::uint64_t first = 1;        ///< first sequence still in the spool
  std::uint64_t last = 0;         ///< last sequence in the spool
  std::uint64_t acked = 0;        ///< everything up to it was acknowledged by the gateway (durable)
  std::uint64_t incarnation = 0;  ///< of the stream those acknowledgements came from; 0: none yet
};

/// Declared loss: records that will never arrive, and why. Becomes a record of the stream (design 3).
struct Gap {
  LaneId lane;
  std::uint64_t from = 0;  ///< first lost sequence
  std::uint64_t to = 0;    ///< last lost sequence
  std::string source;
  std::string reason;  ///< "spool_full_drop_oldest", "spool_full_drop_newest", "corrupt", "gateway_lost", ...
};

/// What a batch will contain, made durable before its first send so that a resend carries the same bytes (A3).
struct Seal {
  LaneId lane;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint8_t codec = 0;         ///< Kafka codec id: 0 none, 3 lz4
  std::uint32_t records_crc = 0;  ///< CRC-32C of the encoded records (record_chunk form), in order
  std::uint64_t map_version = 0;
  std::vector<HashKeyRange> shard_ranges;  ///< how records are grouped into parts; empty: one part
};

/// One sealed batch with its records: `records` is a sequence of record_chunk encodings, one per entry or part of one.
struct SealedBatch {
  Seal seal;
  std::vector<Buffer> records;
};

/// The agent's durable queue on one journal: raw records with their source positions in, sealed batches out.
/// Acknowledged data is freed; at its limit the policy applies and every loss is declared. docs/formats/spool.md.
/// Threads  append side (append, newest positions) and upload side (next_batch, acknowledge, lanes) may be two threads;
///          the class takes one internal lock. Callbacks run on the calling thread.
class Spool {
 public:
  static Result<std::unique_ptr<Spool>> open(FileSystem& files, Clock& clock, Entropy& entropy, Logger logger,
                                             std::string path, const SpoolOptions& options);
  virtual ~Spool() = default;

  /// Appends chunks as one commit (group commit of what queued), or several when they exceed a quarter of a file.
  /// Success  durable, source positions included. With drop_newest and a full spool the chunk is dropped, its position
  ///          still advances, and the gap is declared: also success.
  /// Errors   no_space: policy is block or the disk cannot take even what declares the loss; nothing appended: retry
  ///          later. too_large: a record over a quarter of a journal file, nothing appended. io: the process must exit
  ///          (rule 1.3.2).
  virtual Result<void> append(std::span<const RecordChunk> chunks) = 0;
  /// Records of an older lane, appended anew under this run's lineage: durable together with the chunk's position, and
  /// then nothing is owed of `from` up to `through`. Drops nothing for it, and may use the reserve: what it frees is
  /// more. Errors   as append(); no_space whatever the policy.
  virtual Result<void> move(const RecordChunk& chunk, const LaneId& from, std::uint64_t through) = 0;
  /// Newest durable position of every source.
  [[nodiscard]] virtual std::map<std::string, Buffer> source_positions() const = 0;
  /// Forgets a source (its file is gone and fully read). Durable with the next append.
  virtual void forget_source(const std::string& source) = 0;

  [[nodiscard]] virtual const Lineage& lineage() const = 0;
  [[nodiscard]] virtual std::vector<LaneStatus> lanes() const = 0;

  struct BatchLimits {
    std::uint64_t bytes_max = 1_MiB;  ///< of encoded records, unless one record is larger
    std::uint64_t records_max = 10'000;
    std::uint8_t codec = 3;
    std::uint64_t map_version = 0;
    std::vector<HashKeyRange> shard_ranges;
  };
  /// The next unsent batch of a lane after sequence `after`: an existing seal if one covers after+1, else a new one,
  /// durable on return. Empty: nothing there. A first sequence over after+1 says that those between are declared lost;
  /// what turns out to be damaged is declared here, with reason "corrupt".
  virtual Result<std::optional<SealedBatch>> next_batch(const LaneId& lane, std::uint64_t after,
                                                        const BatchLimits& limits) = 0;
  /// The gateway has everything of the lane up to `through`. Frees what lies beyond grace.
  virtual Result<void> acknowledge(const LaneId& lane, std::uint64_t through, std::uint64_t incarnation) = 0;
  /// The gateway has less than it said before (A4): send again from through+1.
  virtual Result<void> lower_acknowledged(const LaneId& lane, std::uint64_t through) = 0;
  /// The gateway has closed all lineages up to this ordinal of the root: their lanes, which nothing is owed of and no
  /// file holds, are forgotten. Lasts with the next head; after a crash before it they are closed once more.
  virtual void forget_closed(std::uint64_t through) = 0;
  /// Declares sequences lost (A7): writes the gap and, for the stream, its record; durable on return.
  virtual Result<void> declare_gap(const Gap& gap) = 0;

  struct Usage {
    std::uint64_t disk_bytes = 0;
    std::uint64_t unacknowledged_records = 0;
    std::uint64_t unacknowledged_bytes = 0;
    std::uint64_t dropped_records = 0;  ///< since open
    std::uint64_t syncs = 0;            ///< since open
    std::uint64_t written_bytes = 0;    ///< since open
    std::uint64_t scrubbed_bytes = 0;   ///< since open
    std::uint64_t scrub_passes = 0;     ///< finished since open
    std::uint64_t damaged_places = 0;   ///< found by the newest scrub pass
    bool full = false;
  };
  [[nodiscard]] virtual Usage usage() const = 0;
  [[nodiscard]] virtual const RecoveryReport& recovery_report() const = 0;

  /// Rule 1.3.14: reads on through the journal files that are no longer written, as the device gives them back, and
  /// checks every commit; about `bytes_max` bytes. Damage is counted and logged here, and declared when its records are
  /// due. True: the pass is finished, the next call begins another.
  /// Threads  one caller, beside all others; the lock is not held while reading.
  virtual Result<bool> scrub(std::uint64_t bytes_max) = 0;
  virtual Result<void> close() = 0;
};

}  // namespace forebay::spool
