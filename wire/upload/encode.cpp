#include <algorithm>

#include "base/byte_writer.h"
#include "base/lineage.h"
#include "wire/upload/frame.h"
#include "wire/upload/limits.h"
#include "wire/upload/messages.h"

namespace forebay::wire::upload {
namespace {

void put_frame(ByteWriter& w, Kind kind) {
  w.text("FBU");
  w.u8(static_cast<std::uint8_t>(kind));
  w.u8(kFormatVersion);
}

void put_text(ByteWriter& w, std::string_view text, std::size_t size_max) {
  FB_ASSERT(text.size() <= size_max);
  w.u16_le(static_cast<std::uint16_t>(text.size()));
  w.text(text);
}

/// Cuts before a UTF-8 continuation byte, so that the text stays text.
void put_message(ByteWriter& w, std::string_view text) {
  std::size_t size = std::min(text.size(), kMessageBytesMax);
  while (size < text.size() && size > 0 && (static_cast<std::uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  put_text(w, text.substr(0, size), kMessageBytesMax);
}

void put_count(ByteWriter& w, std::size_t count, std::size_t max) {
  FB_ASSERT(count <= max);
  w.u32_le(static_cast<std::uint32_t>(count));
}

/// Ranges tile the hash space, so their ends say everything.
void put_maps(ByteWriter& w, const std::vector<StreamMap>& maps) {
  put_count(w, maps.size(), kMapsMax);
  for (const StreamMap& map : maps) {
    FB_ASSERT(map.ranges.size() == map.shards.size());
    put_text(w, map.stream, kNameBytesMax);
    w.u64_le(map.incarnation);
    w.u64_le(map.map_version);
    put_count(w, map.ranges.size(), kShardsPerMapMax);
    for (std::size_t i = 0; i < map.ranges.size(); ++i) {
      w.u64_le(map.ranges[i].end.high);
      w.u64_le(map.ranges[i].end.low);
      w.u32_le(map.shards[i]);
    }
  }
}

void put_batch(ByteWriter& w, const UploadBatch& batch) {
  write_lineage(w, batch.lineage);
  put_text(w, batch.stream, kNameBytesMax);
  w.u64_le(batch.incarnation);
  w.u64_le(batch.base);
  w.u64_le(batch.first);
  w.u64_le(batch.count);
  w.u32_le(batch.records_crc);
  w.u64_le(batch.map_version);
  put_count(w, batch.parts.size(), kPartsMax);
  for (ByteView part : batch.parts) {
    put_count(w, part.size(), kRequestBytesMax);
    w.bytes(part);
  }
}

}  // namespace

void encode(const OpenRequest& message, Buffer& out) {
  ByteWriter w(out);
  put_frame(w, Kind::open_request);
  put_text(w, message.device, kNameBytesMax);
  put_text(w, message.agent_version, kNameBytesMax);
  w.u64_le(message.timeline);
  put_count(w, message.lineages.size(), kLineagesMax);
  for (const Lineage& lineage : message.lineages) write_lineage(w, lineage);
  put_count(w, message.lanes.size(), kLanesMax);
  for (const OpenLane& lane : message.lanes) {
    w.u32_le(lane.lineage);
    put_text(w, lane.stream, kNameBytesMax);
    w.u64_le(lane.incarnation);
    w.u64_le(lane.first);
    w.u64_le(lane.last);
    w.u64_le(lane.acked);
  }
}

void encode(const OpenReply& message, Buffer& out) {
  ByteWriter w(out);
  put_frame(w, Kind::open_reply);
  w.u64_le(message.timeline);
  w.i64_le(message.server_time_ms);
  w.u64_le(message.request_bytes_max);
  w.u64_le(message.record_bytes_max);
  put_count(w, message.lanes.size(), kLanesMax);
  for (const OpenLaneReply& lane : message.lanes) {
    w.u8(static_cast<std::uint8_t>(lane.state));
    w.u64_le(lane.incarnation);
    w.u64_le(lane.last);
    put_message(w, lane.message);
  }
  put_maps(w, message.maps);
}

void encode(const BatchesRequest& message, Buffer& out) {
  ByteWriter w(out);
  put_frame(w, Kind::batches_request);
  put_text(w, message.device, kNameBytesMax);
  w.u64_le(message.timeline);
  put_count(w, message.batches.size(), kBatchesMax);
  for (const UploadBatch& batch : message.batches) put_batch(w, batch);
}

void encode(const BatchesReply& message, Buffer& out) {
  ByteWriter w(out);
  put_frame(w, Kind::batches_reply);
  w.u64_le(message.timeline);
  w.i64_le(message.server_time_ms);
  put_count(w, message.lanes.size(), kBatchesMax);
  for (const LaneReply& lane : message.lanes) {
    w.u8(static_cast<std::uint8_t>(lane.outcome));
    w.u64_le(lane.last);
    put_message(w, lane.message);
  }
  put_maps(w, message.maps);
}

void encode(const CloseRequest& message, Buffer& out) {
  ByteWriter w(out);
  put_frame(w, Kind::close_request);
  put_text(w, message.device, kNameBytesMax);
  w.bytes(message.root);
  w.u64_le(message.through);
}

std::size_t encoded_size(const UploadBatch& batch) {
  std::size_t size = kLineageSize + 2 + batch.stream.size() + 4 * 8 + 4 + 8 + 4;
  for (ByteView part : batch.parts) size += 4 + part.size();
  return size;
}

std::size_t encoded_size_without_batches(const BatchesRequest& message) {
  return kFrameSize + 2 + message.device.size() + 8 + 4;
}

}  // namespace forebay::wire::upload
