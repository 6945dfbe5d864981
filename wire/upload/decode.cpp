#include <algorithm>
#include <limits>
#include <string>

#include "base/byte_reader.h"
#include "base/lineage.h"
#include "wire/upload/frame.h"
#include "wire/upload/limits.h"
#include "wire/upload/messages.h"

namespace forebay::wire::upload {
namespace {

/// Reads fields and remembers the first that was wrong; all reads after it return nothing.
class FieldReader {
 public:
  explicit FieldReader(ByteView bytes) : reader_(bytes) {}

  [[nodiscard]] bool ok() const { return !failed_; }
  void fail(Errc code, std::string what) {
    if (failed_) return;
    failed_ = true;
    error_ = Error{code, "upload message: " + std::move(what)};
    reader_.fail();
  }

  void frame(Kind kind, const char* name) {
    const std::string_view start = reader_.text(3);
    const std::uint8_t found = reader_.u8();
    const std::uint8_t version = reader_.u8();
    if (!reader_.ok() || start != "FBU" || found != static_cast<std::uint8_t>(kind))
      fail(Errc::corrupt, std::string("this is no ") + name);
    else if (version != kFormatVersion)
      fail(Errc::unsupported, std::string(name) + " of format " + std::to_string(version) +
                                  "; this program knows format 1: upgrade the older side");
  }

  std::uint8_t u8(const char* field) { return checked(reader_.u8(), field); }
  std::uint32_t u32(const char* field) { return checked(reader_.u32_le(), field); }
  std::uint64_t u64(const char* field) { return checked(reader_.u64_le(), field); }

  ByteView bytes(std::size_t size, const char* field) { return checked(reader_.bytes(size), field); }

  std::string text(std::size_t size_max, const char* field) {
    const std::size_t size = checked(reader_.u16_le(), field);
    if (size > size_max)
      fail(Errc::too_large, std::string(field) + " has " + std::to_string(size) + " bytes, at most " +
                                std::to_string(size_max) + " are allowed");
    return std::string(as_text(bytes(size, field)));
  }
  std::string name(const char* field) {
    std::string result = text(kNameBytesMax, field);
    if (result.empty()) fail(Errc::corrupt, std::string(field) + " is empty");
    return result;
  }

  /// A count of elements of at least `element_size` bytes each, so that no memory is taken for elements that cannot be.
  std::size_t count(std::size_t max, std::size_t element_size, const char* field) {
    const std::size_t value = u32(field);
    if (value > max)
      fail(Errc::too_large,
           std::string(field) + " are " + std::to_string(value) + ", at most " + std::to_string(max) + " are allowed");
    else if (value > reader_.remaining() / element_size)
      fail(Errc::corrupt, std::string(field) + " are cut off");
    return ok() ? value : 0;
  }

  template <class E>
  E enumerator(E last, const char* field) {
    const std::uint8_t value = u8(field);
    if (value > static_cast<std::uint8_t>(last))
      fail(Errc::corrupt, std::string(field) + " " + std::to_string(value) + " is unknown");
    return static_cast<E>(ok() ? value : 0);
  }

  Lineage lineage() { return checked(read_lineage(reader_), "lineage"); }

  template <class Message>
  Result<Message> finish(Message message) {
    if (ok() && !reader_.at_end())
      fail(Errc::corrupt, std::to_string(reader_.remaining()) + " bytes follow the message");
    if (failed_) return error_;
    return message;
  }

 private:
  template <class T>
  T checked(T value, const char* field) {
    if (!reader_.ok()) fail(Errc::corrupt, std::string(field) + " is cut off");
    return value;
  }

  ByteReader reader_;
  bool failed_ = false;
  Error error_;
};

void read_ranges(FieldReader& in, StreamMap& map) {
  const std::size_t count = in.count(kShardsPerMapMax, 20, "shards of a map");
  map.ranges.reserve(count);
  map.shards.reserve(count);
  HashKey start{};
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    HashKey end;
    end.high = in.u64("hash key");
    end.low = in.u64("hash key");
    if (end < start || (end == HashKey::max()) != (i + 1 == count))
      in.fail(Errc::corrupt, "hash key ranges of stream " + map.stream + " do not tile");
    map.ranges.push_back({start, end});
    map.shards.push_back(in.u32("shard number"));
    start = end.next();
  }
}

std::vector<StreamMap> read_maps(FieldReader& in) {
  std::vector<StreamMap> maps;
  const std::size_t count = in.count(kMapsMax, 2 + 8 + 8 + 4, "stream maps");
  maps.reserve(count);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    StreamMap& map = maps.emplace_back();
    map.stream = in.name("stream name");
    map.incarnation = in.u64("incarnation");
    map.map_version = in.u64("map version");
    read_ranges(in, map);
  }
  return maps;
}

OpenLane read_open_lane(FieldReader& in, std::size_t lineages) {
  OpenLane lane;
  lane.lineage = in.u32("lane's lineage");
  if (lane.lineage >= lineages) in.fail(Errc::corrupt, "lane's lineage is none of the lineages given");
  lane.stream = in.name("stream name");
  lane.incarnation = in.u64("incarnation");
  lane.first = in.u64("first sequence");
  lane.last = in.u64("last sequence");
  lane.acked = in.u64("acknowledged sequence");
  return lane;
}

/// `parts_left` bounds the memory for views over all batches of a request.
UploadBatch read_batch(FieldReader& in, std::size_t& parts_left) {
  UploadBatch batch;
  batch.lineage = in.lineage();
  batch.stream = in.name("stream name");
  batch.incarnation = in.u64("incarnation");
  batch.base = in.u64("base sequence");
  batch.first = in.u64("first sequence");
  batch.count = in.u64("record count");
  batch.records_crc = in.u32("records' checksum");
  batch.map_version = in.u64("map version");
  if (batch.first <= batch.base || batch.count == 0 ||
      batch.count - 1 > std::numeric_limits<std::uint64_t>::max() - batch.first)
    in.fail(Errc::corrupt, "sequence range of a batch cannot be");
  const std::size_t parts = in.count(std::min(kPartsMax, parts_left), 4, "parts of a batch");
  parts_left -= parts;
  if (parts == 0) in.fail(Errc::corrupt, "batch has no parts");
  batch.parts.reserve(parts);
  for (std::size_t i = 0; i < parts && in.ok(); ++i) batch.parts.push_back(in.bytes(in.u32("part size"), "part"));
  return batch;
}

FieldReader start_reading(ByteView bytes, Kind kind, const char* name) {
  FieldReader in(bytes);
  if (bytes.size() > kRequestBytesMax)
    in.fail(Errc::too_large, std::string(name) + " of " + std::to_string(bytes.size()) + " bytes, at most " +
                                 std::to_string(kRequestBytesMax) + " are allowed");
  in.frame(kind, name);
  return in;
}

}  // namespace

Result<OpenRequest> decode_open_request(ByteView bytes) {
  FieldReader in = start_reading(bytes, Kind::open_request, "open request");
  OpenRequest message;
  message.device = in.name("device name");
  message.agent_version = in.text(kNameBytesMax, "agent version");
  message.timeline = in.u64("timeline");
  const std::size_t lineages = in.count(kLineagesMax, kLineageSize, "lineages");
  message.lineages.reserve(lineages);
  for (std::size_t i = 0; i < lineages && in.ok(); ++i) message.lineages.push_back(in.lineage());
  const std::size_t lanes = in.count(kLanesMax, 4 + 2 + 4 * 8, "lanes");
  message.lanes.reserve(lanes);
  for (std::size_t i = 0; i < lanes && in.ok(); ++i) message.lanes.push_back(read_open_lane(in, lineages));
  return in.finish(std::move(message));
}

Result<OpenReply> decode_open_reply(ByteView bytes) {
  FieldReader in = start_reading(bytes, Kind::open_reply, "open reply");
  OpenReply message;
  message.timeline = in.u64("timeline");
  message.server_time_ms = static_cast<std::int64_t>(in.u64("server time"));
  message.request_bytes_max = in.u64("request limit");
  message.record_bytes_max = in.u64("record limit");
  const std::size_t lanes = in.count(kLanesMax, 1 + 8 + 8 + 2, "lanes");
  message.lanes.reserve(lanes);
  for (std::size_t i = 0; i < lanes && in.ok(); ++i) {
    OpenLaneReply& lane = message.lanes.emplace_back();
    lane.state = in.enumerator(OpenState::refused, "lane state");
    lane.incarnation = in.u64("incarnation");
    lane.last = in.u64("last sequence");
    lane.message = in.text(kMessageBytesMax, "message");
  }
  message.maps = read_maps(in);
  return in.finish(std::move(message));
}

Result<BatchesRequest> decode_batches_request(ByteView bytes) {
  FieldReader in = start_reading(bytes, Kind::batches_request, "batches request");
  BatchesRequest message;
  message.device = in.name("device name");
  message.timeline = in.u64("timeline");
  const std::size_t batches = in.count(kBatchesMax, kLineageSize + 2 + 4 * 8 + 4 + 8 + 4, "batches");
  message.batches.reserve(batches);
  std::size_t parts_left = kPartsPerRequestMax;
  for (std::size_t i = 0; i < batches && in.ok(); ++i) message.batches.push_back(read_batch(in, parts_left));
  return in.finish(std::move(message));
}

Result<BatchesReply> decode_batches_reply(ByteView bytes) {
  FieldReader in = start_reading(bytes, Kind::batches_reply, "batches reply");
  BatchesReply message;
  message.timeline = in.u64("timeline");
  message.server_time_ms = static_cast<std::int64_t>(in.u64("server time"));
  const std::size_t lanes = in.count(kBatchesMax, 1 + 8 + 2, "lanes");
  message.lanes.reserve(lanes);
  for (std::size_t i = 0; i < lanes && in.ok(); ++i) {
    LaneReply& lane = message.lanes.emplace_back();
    lane.outcome = in.enumerator(LaneOutcome::refused, "lane outcome");
    lane.last = in.u64("last sequence");
    lane.message = in.text(kMessageBytesMax, "message");
  }
  message.maps = read_maps(in);
  return in.finish(std::move(message));
}

Result<CloseRequest> decode_close_request(ByteView bytes) {
  FieldReader in = start_reading(bytes, Kind::close_request, "close request");
  CloseRequest message;
  message.device = in.name("device name");
  const ByteView root = in.bytes(message.root.size(), "root");
  std::copy(root.begin(), root.end(), message.root.begin());
  message.through = in.u64("ordinal");
  return in.finish(std::move(message));
}

}  // namespace forebay::wire::upload
