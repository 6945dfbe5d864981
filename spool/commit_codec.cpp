#include "spool/commit_codec.h"

#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/crc32c.h"
#include "base/lineage.h"
#include "base/planted_bug.h"
#include "spool/format.h"

namespace forebay::spool {

namespace layout = format::commit_header;

/// Below this a copy is cheaper than another piece of the write.
constexpr std::size_t kCopyMax = 4096;

static std::uint64_t content_size(std::span<const JournalEntry> entries) {
  std::uint64_t total = 0;
  for (const JournalEntry& entry : entries) {
    total += format::entry_header::kSize;
    for (const ByteView part : entry.parts) total += part.size();
  }
  return total;
}

static std::uint64_t copied_size(std::span<const JournalEntry> entries) {
  std::uint64_t total = layout::kSize + entries.size() * format::entry_header::kSize;
  for (const JournalEntry& entry : entries) {
    for (const ByteView part : entry.parts) total += part.size() <= kCopyMax ? part.size() : 0;
  }
  return total;
}

std::uint64_t CommitEncoder::encoded_size(std::span<const JournalEntry> entries, std::uint32_t alignment) {
  return format::align_up(layout::kSize + content_size(entries), alignment);
}

void CommitEncoder::end_run() {
  if (scratch_.size() > run_start_) pieces_.push_back(ByteView(scratch_).subspan(run_start_));
  run_start_ = scratch_.size();
}

void CommitEncoder::add_part(ByteView part) {
  if (part.empty()) return;
  if (part.size() <= kCopyMax) {
    append(scratch_, part);
    return;
  }
  end_run();
  pieces_.push_back(part);
}

static void write_header(ByteWriter& writer, const CommitPlace& place, std::uint64_t content, std::size_t entries) {
  writer.u32_le(layout::kMagic);
  writer.u32_le(0);  // check value, patched
  writer.u32_le(static_cast<std::uint32_t>(content));
  writer.u16_le(format::kKindEntries);
  writer.u16_le(0);  // flags
  write_lineage(writer, place.lineage);
  writer.u64_le(place.at.file);
  writer.u64_le(place.at.position);
  writer.u64_le(place.previous.file);
  writer.u64_le(place.previous.position);
  writer.u32_le(static_cast<std::uint32_t>(entries));
  writer.zeros(layout::kSize - layout::kReserved1At);
}

std::span<const ByteView> CommitEncoder::encode(const CommitPlace& place, std::span<const JournalEntry> entries,
                                                std::uint32_t alignment) {
  const std::uint64_t content = content_size(entries);
  FB_ASSERT(content <= UINT32_MAX && place.at.position % alignment == 0);
  const std::uint64_t padding = format::align_up(layout::kSize + content, alignment) - layout::kSize - content;
  scratch_.clear();
  scratch_.reserve(copied_size(entries) + padding);  // pieces point into it: it must not move
  pieces_.clear();
  run_start_ = 0;
  ByteWriter writer(scratch_);
  write_header(writer, place, content, entries.size());
  for (const JournalEntry& entry : entries) {
    FB_ASSERT(entry.type != 0);
    std::uint64_t bytes = 0;
    for (const ByteView part : entry.parts) bytes += part.size();
    writer.u16_le(entry.type);
    writer.u16_le(0);  // flags
    writer.u32_le(static_cast<std::uint32_t>(bytes));
    for (const ByteView part : entry.parts) add_part(part);
  }
  end_run();
  std::uint32_t crc = crc32c(pieces_[0].subspan(layout::kContentBytesAt));
  for (std::size_t i = 1; i < pieces_.size(); ++i) crc = crc32c(pieces_[i], crc);
  writer.patch_u32_le(layout::kCrcAt, crc);
  writer.zeros(padding);
  end_run();
  return pieces_;
}

std::uint64_t CommitHeader::size() const { return layout::kSize + std::uint64_t{content_bytes}; }

std::optional<CommitHeader> parse_commit_header(ByteView bytes, const ExpectedCommit& expected) {
  ByteReader reader(bytes.first(std::min(bytes.size(), layout::kSize)));
  CommitHeader header;
  if (reader.u32_le() != layout::kMagic) return std::nullopt;
  header.crc = reader.u32_le();
  header.content_bytes = reader.u32_le();
  header.kind = reader.u16_le();
  header.flags = reader.u16_le();
  header.place.lineage = read_lineage(reader);
  header.place.at.file = reader.u64_le();
  header.place.at.position = reader.u64_le();
  header.place.previous.file = reader.u64_le();
  header.place.previous.position = reader.u64_le();
  header.entries = reader.u32_le();
  reader.skip(layout::kSize - layout::kReserved1At);
  if (!reader.ok()) return std::nullopt;
  if (FB_PLANTED_BUG("journal.identity_not_checked")) return header;
  if (header.place.at != expected.at) return std::nullopt;
  if (expected.lineage && header.place.lineage != *expected.lineage) return std::nullopt;
  return header;
}

bool commit_is_whole(const CommitHeader& header, ByteView bytes) {
  if (bytes.size() != header.size()) return false;
  return crc32c(bytes.subspan(layout::kContentBytesAt)) == header.crc;
}

Result<void> check_commit_supported(const CommitHeader& header) {
  if (header.flags & format::kFlagEncrypted) {
    return Error{Errc::unsupported, to_string(header.place.at) +
                                        ": the commit is encrypted; this program reads format 1 without encryption: "
                                        "use a newer one"};
  }
  if (header.flags != 0 || header.kind != format::kKindEntries) {
    return Error{Errc::unsupported, to_string(header.place.at) + ": commit kind " + std::to_string(header.kind) +
                                        " with flags " + std::to_string(header.flags) +
                                        " was written by a newer program: use that one"};
  }
  return {};
}

Result<std::optional<RecoveredEntry>> EntryCursor::next() {
  if (index_ == header_.entries) {
    if (position_ != content_.size()) {
      return Error{Errc::corrupt, to_string(header_.place.at) + ": bytes follow the last entry of the commit"};
    }
    return std::optional<RecoveredEntry>();
  }
  ByteReader reader(content_.subspan(position_));
  RecoveredEntry entry;
  entry.commit = header_.place.at;
  entry.index = index_;
  entry.lineage = header_.place.lineage;
  entry.type = reader.u16_le();
  const std::uint16_t flags = reader.u16_le();
  const std::uint32_t bytes = reader.u32_le();
  entry.content = reader.bytes(bytes);
  if (!reader.ok() || entry.type == 0) {
    return Error{Errc::corrupt,
                 to_string(header_.place.at) + ": entry " + std::to_string(index_) + " does not fit its commit"};
  }
  if (flags != 0) {
    return Error{Errc::unsupported, to_string(header_.place.at) + ": entry " + std::to_string(index_) + " has flags " +
                                        std::to_string(flags) + " of a newer program: use that one"};
  }
  position_ += reader.position();
  ++index_;
  return std::optional<RecoveredEntry>(entry);
}

std::string to_string(const JournalPosition& position) {
  return "file " + std::to_string(position.file) + " position " + std::to_string(position.position);
}

}  // namespace forebay::spool
