#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "gateway/log/attributes.h"
#include "gateway/log/definition.h"
#include "gateway/log/lane_table.h"
#include "gateway/log/reshard.h"
#include "gateway/log/seal.h"

namespace forebay::gateway::log {

struct Submission;

/// Who gets finished submissions back: one per event loop. completed() is called on the sequencer's thread, once per
/// turn and owner, with everything of that turn.
class SubmissionOwner {
 public:
  virtual ~SubmissionOwner() = default;
  virtual void completed(std::vector<std::unique_ptr<Submission>> finished) = 0;
};

/// One batch for one shard. The sequencer fills base and arrival and takes the bytes.
struct BatchPart {
  ShardNumber shard;
  Buffer bytes;   ///< RecordBatch v2
  Buffer sealed;  ///< the same encrypted, when `seal` is set: what journal and segment hold
  Seal seal;
  std::uint32_t record_count = 0;
  std::int64_t max_timestamp_ms = 0;
  Offset base;
  WallTime arrival;

  [[nodiscard]] const Buffer& stored() const { return seal.is_set() ? sealed : bytes; }
};

/// Single puts of one loop turn into one stream.
struct PutWork {
  StreamId stream;
  std::uint64_t map_version = 0;
  std::vector<BatchPart> parts;
  bool rerouted = false;  ///< set by the sequencer: nothing was taken, the map has changed; route and submit again
};

enum class LaneResult : std::uint8_t { committed, duplicate, unverified, gap, forked, stale, missing_stream, reroute, locked };

/// One lane of an upload request.
struct LaneWork {
  LaneKey key;
  std::uint64_t base = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint32_t crc = 0;
  std::uint64_t map_version = 0;
  std::vector<BatchPart> parts;
  bool locked = false;  ///< the key that encrypts the stream is missing; set by submit()
  LaneResult result = LaneResult::committed;
  std::uint64_t last = 0;
};

/// One upload request: all accepted lanes become one journal entry.
struct UploadWork {
  std::vector<LaneWork> lanes;
};

/// A change of what affects routing or lanes.
struct CreateStreamWork {
  StreamDefinition definition;  ///< id, created and the shards' times are filled in
  std::vector<AttributeChange> attributes;
};
struct RemoveStreamWork {
  StreamId stream;
};
/// Replaces settings of a stream; all of them or none.
struct ChangeStreamWork {
  StreamId stream;
  std::optional<std::int32_t> retention_hours;
  std::optional<std::uint64_t> retention_bytes;
  std::optional<std::uint8_t> mode;
  std::optional<std::uint32_t> record_bytes_max;
  std::vector<AttributeChange> attributes;
  std::optional<std::uint64_t> settings_version;  ///< given: refused when the stream has another one
};
struct ChangeAccountWork {
  std::string account;
  std::vector<AttributeChange> attributes;
};
/// Splits, merges or scales shards; one journal entry (and one more for attributes, in the same commit).
struct ReshardWork {
  StreamId stream;
  Reshard wish;
  std::vector<AttributeChange> attributes;
};
struct ForgetLanesWork {
  std::array<std::uint8_t, 16> root{};
  std::uint64_t through = 0;
};
/// A manifest lists more than this log holds: it was restored to an older state. Records of the stream up to these
/// sequences are not taken again.
struct RaiseLanesWork {
  StreamId stream;
  std::vector<std::pair<Lineage, std::uint64_t>> lanes;
};
struct RaiseTimelineWork {
  std::uint64_t timeline = 0;
};
/// Reads lane state as it is durable at its turn.
struct LaneStatesWork {
  std::vector<LaneKey> keys;
  struct State {
    bool stale = false;
    bool known = false;
    std::uint64_t last = 0;
  };
  std::vector<State> states;
};

using Work = std::variant<PutWork, UploadWork, CreateStreamWork, RemoveStreamWork, ChangeStreamWork, ChangeAccountWork,
                          ReshardWork, ForgetLanesWork, RaiseLanesWork, RaiseTimelineWork, LaneStatesWork>;

/// Finished work on its way through the sequencer and back. Owners derive from it to keep their waiters beside it.
struct Submission {
  explicit Submission(Work w, SubmissionOwner& o) : work(std::move(w)), owner(&o) {}
  virtual ~Submission() = default;

  Work work;
  SubmissionOwner* owner;
  std::size_t bytes = 0;        ///< charged to the queue; set by submit()
  bool taken_before = false;    ///< was admitted once and came back to be routed again: a full queue does not refuse it
  std::optional<Error> error;   ///< empty: durable
};
using SubmissionPtr = std::unique_ptr<Submission>;

}  // namespace forebay::gateway::log
