#include "agent/source/file_identity.h"

#include <array>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/varint.h"

namespace forebay::agent {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kPathBytesMax = 4096;

void write_mark(ByteWriter& writer, const ContentMark& mark) {
  writer.u16_le(static_cast<std::uint16_t>(mark.length));
  writer.u64_le(mark.hash);
}

ContentMark read_stored_mark(ByteReader& reader) {
  ContentMark mark;
  mark.length = reader.u16_le();
  mark.hash = reader.u64_le();
  if (mark.length > kMarkBytesMax) reader.fail();
  return mark;
}

}  // namespace

Buffer FilePosition::encode() const {
  Buffer out;
  out.reserve(160 + path.size());
  ByteWriter writer(out);
  writer.u8(kVersion);
  write_uvarint(out, path.size());
  writer.text(path);
  writer.u64_le(identity.device);
  writer.u64_le(identity.inode);
  writer.i64_le(identity.birth_ns);
  writer.u32_le(generation);
  writer.u64_le(offset);
  write_mark(writer, head);
  write_mark(writer, tail);
  writer.u64_le(hashed_from);
  prefix.encode(out);
  writer.i64_le(followed_since_ms);
  writer.i64_le(updated_ms);
  return out;
}

Result<FilePosition> FilePosition::decode(ByteView bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t version = reader.u8(); version > kVersion)
    return Error{Errc::unsupported, "file position of version " + std::to_string(version) +
                                        "; this program knows up to " + std::to_string(kVersion) +
                                        ": use the newer agent"};
  FilePosition position;
  const std::uint64_t path_size = read_uvarint(reader);
  if (path_size > kPathBytesMax) reader.fail();
  position.path = reader.text(path_size);
  position.identity.device = reader.u64_le();
  position.identity.inode = reader.u64_le();
  position.identity.birth_ns = reader.i64_le();
  position.generation = reader.u32_le();
  position.offset = reader.u64_le();
  position.head = read_stored_mark(reader);
  position.tail = read_stored_mark(reader);
  position.hashed_from = reader.u64_le();
  const ByteView prefix = reader.bytes(ContentHash::kStateSize);
  if (prefix.size() == ContentHash::kStateSize) position.prefix = ContentHash::decode(prefix);
  position.followed_since_ms = reader.i64_le();
  position.updated_ms = reader.i64_le();
  if (!reader.ok() || !reader.at_end() || position.tail.length > position.offset)
    return Error{Errc::corrupt, "file position of " + std::to_string(bytes.size()) + " bytes is damaged"};
  return position;
}

Result<ContentMark> read_mark(FollowedHandle& file, std::uint64_t at, std::size_t length) {
  std::array<std::uint8_t, kMarkBytesMax> bytes;
  FB_ASSERT(length <= bytes.size());
  FB_TRY(const std::size_t n, file.read_at(at, MutableBytes(bytes.data(), length)));
  return ContentMark{static_cast<std::uint32_t>(n), n == 0 ? 0 : content_hash(ByteView(bytes.data(), n))};
}

Result<ContentMatch> compare_content(FollowedHandle& file, std::uint64_t size, const FilePosition& position) {
  if (position.head.length == 0 && position.offset == 0) return ContentMatch::unknown;
  FB_TRY(const ContentMark head, read_mark(file, 0, position.head.length));
  if (head != position.head) return ContentMatch::different;
  if (size < position.offset) return ContentMatch::shorter;
  FB_TRY(const ContentMark tail, read_mark(file, position.offset - position.tail.length, position.tail.length));
  return tail == position.tail ? ContentMatch::same : ContentMatch::different;
}

}  // namespace forebay::agent
