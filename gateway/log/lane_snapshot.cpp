#include "gateway/log/lane_snapshot.h"

#include "base/crc32c.h"
#include "base/lineage.h"
#include "gateway/log/failpoint.h"

namespace forebay::gateway::log {
namespace {

constexpr std::string_view kMagic = "FBLANES\n";
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kFileHeaderSize = 24;
constexpr std::size_t kBlockHeaderSize = 16;
constexpr std::uint8_t kEndBlock = 0;
constexpr std::uint8_t kLanesBlock = 1;
constexpr std::uint8_t kForgottenBlock = 2;
constexpr std::uint32_t kBlockBytesMax = 64 << 20;

std::string temporary_of(const std::string& path) { return path + ".new"; }

void write_lane(ByteWriter& writer, const LaneKey& key, const Lane& lane) {
  write_lineage(writer, key.lineage);
  writer.u64_le(key.stream.value());
  writer.u64_le(lane.last);
  writer.u8(lane.range_count);
  for (std::size_t i = 0; i < lane.range_count; ++i) {
    writer.u64_le(lane.ranges[i].first);
    writer.u32_le(lane.ranges[i].count);
    writer.u32_le(lane.ranges[i].crc);
  }
}

void read_lane(ByteReader& reader, LaneTable& lanes) {
  LaneKey key;
  Lane lane;
  key.lineage = read_lineage(reader);
  key.stream = StreamId(reader.u64_le());
  lane.last = reader.u64_le();
  lane.range_count = reader.u8();
  if (lane.range_count > Lane::kRangesMax) return reader.fail();
  for (std::size_t i = 0; i < lane.range_count; ++i) {
    lane.ranges[i].first = reader.u64_le();
    lane.ranges[i].count = reader.u32_le();
    lane.ranges[i].crc = reader.u32_le();
  }
  if (reader.ok()) lanes.restore(key, lane);
}

void read_forgotten(ByteReader& reader, LaneTable& lanes) {
  std::array<std::uint8_t, 16> root{};
  const ByteView bytes = reader.bytes(root.size());
  std::copy(bytes.begin(), bytes.end(), root.begin());
  const std::uint64_t through = reader.u64_le();
  if (reader.ok()) lanes.forget(root, through);
}

struct BlockHeader {
  std::uint8_t kind = 0;
  std::uint32_t count = 0;
  std::uint32_t length = 0;
};

Error damaged(const std::string& path, std::string_view what) {
  return Error{Errc::corrupt, path + ": lane snapshot " + std::string(what)};
}

/// Reads one block at `position` into `payload`.
Result<BlockHeader> read_block(File& file, const std::string& path, std::uint64_t position, Buffer& payload) {
  Buffer raw(kBlockHeaderSize);
  FB_TRY(const std::size_t got, file.read_at(position, raw));
  if (got != raw.size()) return damaged(path, "is cut");
  ByteReader reader(raw);
  const std::uint32_t crc = reader.u32_le();
  BlockHeader header;
  header.kind = static_cast<std::uint8_t>(reader.u32_le());
  header.count = reader.u32_le();
  header.length = reader.u32_le();
  if (header.length > kBlockBytesMax) return damaged(path, "has an impossible block");
  payload.resize(header.length);
  FB_TRY(const std::size_t read, file.read_at(position + kBlockHeaderSize, payload));
  if (read != payload.size()) return damaged(path, "is cut");
  if (crc != crc32c(payload, crc32c(ByteView(raw).subspan(4)))) return damaged(path, "is damaged");
  return header;
}

}  // namespace

Result<LaneSnapshotWriter> LaneSnapshotWriter::open(FileSystem& files, const std::string& path,
                                                    std::uint64_t generation) {
  FB_TRY(auto file, files.open(temporary_of(path), OpenMode::open_always));
  FB_CHECK(file->truncate(0));
  LaneSnapshotWriter writer(files, path, std::move(file));
  Buffer header;
  ByteWriter fields(header);
  fields.text(kMagic);
  fields.u32_le(kFormat);
  fields.u64_le(generation);
  fields.u32_le(crc32c(header));
  FB_CHECK(writer.file_->write_at(0, ByteView(header)));
  writer.position_ = kFileHeaderSize;
  return writer;
}

Result<void> LaneSnapshotWriter::write_block(std::uint8_t kind, std::uint32_t count, ByteView payload) {
  Buffer header;
  ByteWriter fields(header);
  fields.u32_le(0);
  fields.u32_le(kind);
  fields.u32_le(count);
  fields.u32_le(static_cast<std::uint32_t>(payload.size()));
  fields.patch_u32_le(0, crc32c(payload, crc32c(ByteView(header).subspan(4))));
  const ByteView parts[] = {header, payload};
  FB_CHECK(file_->write_at(position_, parts));
  position_ += header.size() + payload.size();
  ++blocks_;
  return {};
}

Result<void> LaneSnapshotWriter::add_lanes(std::span<const std::pair<LaneKey, Lane>> lanes) {
  if (lanes.empty()) return {};
  block_.clear();
  ByteWriter writer(block_);
  for (const auto& [key, lane] : lanes) write_lane(writer, key, lane);
  return write_block(kLanesBlock, static_cast<std::uint32_t>(lanes.size()), block_);
}

Result<void> LaneSnapshotWriter::add_forgotten(const std::map<std::array<std::uint8_t, 16>, std::uint64_t>& forgotten) {
  if (forgotten.empty()) return {};
  block_.clear();
  ByteWriter writer(block_);
  for (const auto& [root, through] : forgotten) {
    writer.bytes(root);
    writer.u64_le(through);
  }
  return write_block(kForgottenBlock, static_cast<std::uint32_t>(forgotten.size()), block_);
}

Result<void> LaneSnapshotWriter::finish() {
  FB_CHECK(write_block(kEndBlock, blocks_, {}));
  FB_CHECK(file_->sync_data());
  FB_CHECK(file_->close());
  failpoint(Failpoint::lanes_written);
  FB_CHECK(files_->rename(temporary_of(path_), path_));
  failpoint(Failpoint::lanes_renamed);
  return files_->sync_directory(parent_path(path_));
}

Result<LaneSnapshot> read_lane_snapshot(FileSystem& files, const std::string& path) {
  FB_TRY(auto file, files.open(path, OpenMode::read));
  Buffer bytes(kFileHeaderSize);
  FB_TRY(const std::size_t read, file->read_at(0, bytes));
  ByteReader header(ByteView(bytes).first(read));
  const bool magic = header.text(kMagic.size()) == kMagic;
  const std::uint32_t format = header.u32_le();
  LaneSnapshot snapshot;
  snapshot.generation = header.u64_le();
  const std::uint32_t crc = header.u32_le();
  if (!header.ok() || !magic || crc != crc32c(ByteView(bytes).first(kFileHeaderSize - 4)))
    return damaged(path, "header is damaged");
  if (format != kFormat) return Error{Errc::unsupported, path + ": lane snapshot of format " + std::to_string(format)};
  std::uint64_t position = kFileHeaderSize;
  for (std::uint32_t blocks = 0;; ++blocks) {
    FB_TRY(const BlockHeader block, read_block(*file, path, position, bytes));
    position += kBlockHeaderSize + block.length;
    if (block.kind == kEndBlock && block.count == blocks) return snapshot;
    if (block.kind != kLanesBlock && block.kind != kForgottenBlock) return damaged(path, "has an unknown block");
    ByteReader reader(bytes);
    for (std::uint32_t i = 0; i < block.count && reader.ok(); ++i)
      block.kind == kLanesBlock ? read_lane(reader, snapshot.lanes) : read_forgotten(reader, snapshot.lanes);
    if (!reader.ok() || !reader.at_end()) return damaged(path, "block is malformed");
  }
}

}  // namespace forebay::gateway::log
