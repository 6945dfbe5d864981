#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"
#include "base/lineage.h"
#include "base/result.h"

/// Messages between agent and gateway, format 1 (docs/formats/upload.md). Both travel as POST bodies of
/// application/x-forebay-upload: /upload/v1/open, /upload/v1/batches, /upload/v1/close; little-endian; SigV4-signed
/// with service name "forebay"; x-amz-content-sha256 is the digest the gateway checks.
namespace forebay::wire::upload {

inline constexpr std::string_view kContentType = "application/x-forebay-upload";
inline constexpr std::string_view kServiceName = "forebay";

/// One lane as the agent knows it.
struct OpenLane {
  std::uint32_t lineage = 0;  ///< index into OpenRequest::lineages
  std::string stream;
  std::uint64_t incarnation = 0;  ///< of the stream that acknowledged `acked`; 0: never
  std::uint64_t first = 1;        ///< first sequence still in the spool
  std::uint64_t last = 0;
  std::uint64_t acked = 0;
  friend bool operator==(const OpenLane&, const OpenLane&) = default;
};

struct OpenRequest {
  std::string device;
  std::string agent_version;
  std::uint64_t timeline = 0;  ///< last one seen; 0: never
  std::vector<Lineage> lineages;
  std::vector<OpenLane> lanes;
  friend bool operator==(const OpenRequest&, const OpenRequest&) = default;
};

/// A stream's open shards at one version of its shard map; ranges tile the hash space in order.
struct StreamMap {
  std::string stream;
  std::uint64_t incarnation = 0;
  std::uint64_t map_version = 0;
  std::vector<HashKeyRange> ranges;
  std::vector<std::uint32_t> shards;  ///< number of each range's shard
  friend bool operator==(const StreamMap&, const StreamMap&) = default;
};

enum class OpenState : std::uint8_t {
  ready = 0,
  missing_stream = 1,  ///< keep the data and ask again later
  stale = 2,           ///< lineage was forgotten here, as all of its root up to ordinal `last` (G3)
  refused = 3,         ///< not allowed; message says why
};

struct OpenLaneReply {
  OpenState state = OpenState::ready;
  std::uint64_t incarnation = 0;
  std::uint64_t last = 0;  ///< last sequence the gateway holds durably; 0: none. stale: an ordinal
  std::string message;
  friend bool operator==(const OpenLaneReply&, const OpenLaneReply&) = default;
};

struct OpenReply {
  std::uint64_t timeline = 0;
  std::int64_t server_time_ms = 0;
  std::uint64_t request_bytes_max = 0;
  std::uint64_t record_bytes_max = 0;
  std::vector<OpenLaneReply> lanes;  ///< in the order of the request
  std::vector<StreamMap> maps;       ///< one per distinct stream that exists
  friend bool operator==(const OpenReply&, const OpenReply&) = default;
};

/// One sealed batch of one lane. `parts` are RecordBatch v2 bytes, in shard order of the map the agent used; views
/// point into the request body. Within a part records keep lane order. An acked part count or shape is never trusted.
struct UploadBatch {
  Lineage lineage;
  std::string stream;
  std::uint64_t incarnation = 0;
  std::uint64_t base = 0;  ///< lane start agreed in OPEN: the first batch of a lane has first = base + 1
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint32_t records_crc = 0;  ///< identity of the content, computed by the agent (spool::Seal)
  std::uint64_t map_version = 0;
  std::vector<ByteView> parts;
};

struct BatchesRequest {
  std::string device;
  std::uint64_t timeline = 0;
  std::vector<UploadBatch> batches;  ///< committed as a whole: one journal entry for all accepted lanes
};

enum class LaneOutcome : std::uint8_t {
  committed = 0,
  duplicate = 1,       ///< already here, durable, same content
  unverified = 2,      ///< already here, durable; content can no longer be compared
  gap = 3,             ///< first > last + 1: resend from last + 1
  forked = 4,          ///< the range is here with other content, or overlaps: reseal under a new lineage
  stale = 5,           ///< lineage forgotten, as all of its root up to ordinal `last`
  missing_stream = 6,  ///< keep and retry
  reopen = 7,          ///< other timeline or incarnation: OPEN again
  throttled = 8,       ///< retry later
  refused = 9,         ///< never acceptable (record too large, malformed): park and declare; message says why
};

struct LaneReply {
  LaneOutcome outcome = LaneOutcome::committed;
  std::uint64_t last = 0;  ///< last durable sequence of the lane; stale: an ordinal
  std::string message;
  friend bool operator==(const LaneReply&, const LaneReply&) = default;
};

struct BatchesReply {
  std::uint64_t timeline = 0;
  std::int64_t server_time_ms = 0;
  std::vector<LaneReply> lanes;  ///< in the order of the request's batches
  std::vector<StreamMap> maps;   ///< of streams whose map_version differs from what a batch said
  friend bool operator==(const BatchesReply&, const BatchesReply&) = default;
};

/// Everything of `root` with ordinal <= `through` is drained and will never be sent again; the gateway may forget it.
struct CloseRequest {
  std::string device;
  std::array<std::uint8_t, 16> root{};
  std::uint64_t through = 0;
  friend bool operator==(const CloseRequest&, const CloseRequest&) = default;
};

/// Append one whole message. Names and counts are within limits.h (the caller's duty, asserted); a reply's `message`
/// text is cut to its limit.
void encode(const OpenRequest& message, Buffer& out);
void encode(const OpenReply& message, Buffer& out);
void encode(const BatchesRequest& message, Buffer& out);
void encode(const BatchesReply& message, Buffer& out);
void encode(const CloseRequest& message, Buffer& out);

/// Bytes the batch takes inside a BatchesRequest, to fill a request up to its limit.
std::size_t encoded_size(const UploadBatch& batch);
/// Bytes of a BatchesRequest before its first batch.
std::size_t encoded_size_without_batches(const BatchesRequest& message);

/// Every length is checked against what is left and against limits.h. What the numbers mean (does the stream exist,
/// does the range continue the lane) is the caller's to judge. Errors  corrupt: malformed, with the field's name;
/// too_large: over a limit, named; unsupported: a newer format, named.
Result<OpenRequest> decode_open_request(ByteView bytes);
Result<OpenReply> decode_open_reply(ByteView bytes);
Result<BatchesRequest> decode_batches_request(ByteView bytes);
Result<BatchesReply> decode_batches_reply(ByteView bytes);
Result<CloseRequest> decode_close_request(ByteView bytes);

}  // namespace forebay::wire::upload
