#include "agent/source/file_reader.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace forebay::agent {

namespace {

constexpr int kLongLineBlocks = 8;  // blocks of one long line per turn, so that other files get theirs

}  // namespace

FileReader::FileReader(const Clock& clock, FileReaderOptions options)
    : clock_(clock), options_(std::move(options)), splitter_(options_.lines) {
  // Marks, a whole line of the longest allowed kind and its CR LF fit beside each other.
  buffer_.resize(std::max(options_.block_bytes, options_.lines.line_bytes_max + 2) + kMarkBytesMax);
}

void FileReader::begin_keys(const FollowedFile& file) {
  path_ = file.position.path;
  now_ = clock_.wall_now();
  if (!options_.key.needs_data()) options_.key.expand({options_.device, path_, {}, {}}, key_);
}

void FileReader::add(spool::RecordChunk& chunk, ByteView line) {
  if (options_.key.needs_data()) options_.key.expand({options_.device, path_, {}, line}, key_);
  chunk.add(key_, now_, line);
}

Result<ReadOutcome> FileReader::read(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk) {
  const FilePosition& position = file.position;
  if (limit < position.offset || limit < position.head.length) return ReadOutcome::truncated;
  const std::uint64_t seen = std::max(position.offset, file.scanned);
  if (limit == seen && file.checked_ns == file.facts.modified_ns)
    return seen > position.offset ? ReadOutcome::partial : ReadOutcome::at_end;
  begin_keys(file);
  if (file.scanned > position.offset + options_.block_bytes / 2) return read_long_line(file, limit, chunk);
  return read_block(file, limit, chunk);
}

Result<ReadOutcome> FileReader::read_block(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk) {
  FilePosition& position = file.position;
  const std::uint64_t start = position.offset - position.tail.length;
  const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), limit - start));
  FB_TRY(const std::size_t n, file.handle->read_at(start, MutableBytes(buffer_.data(), want)));
  const ByteView bytes(buffer_.data(), n);
  if (n < want || !marks_match(file, start, bytes)) return ReadOutcome::truncated;
  file.checked_ns = file.facts.modified_ns;

  const std::size_t zeros = leading_zeros(file, bytes);
  const ByteView block = bytes.subspan(position.tail.length + zeros);
  const std::size_t lines = splitter_.split(block, [&](ByteView line) { add(chunk, line); });
  if (zeros + lines > 0) {
    advance(file, start, bytes, zeros + lines);
    return chunk.empty() ? ReadOutcome::working : ReadOutcome::records;
  }
  if (block.empty()) return ReadOutcome::at_end;
  file.scanned = start + n;
  file.scanned_hash = position.prefix;
  file.scanned_hash.update(block);
  return start + n < limit ? ReadOutcome::working : ReadOutcome::partial;
}

// A writer without O_APPEND goes on at its old place after a truncation: the file then begins with a hole.
std::size_t FileReader::leading_zeros(const FollowedFile& file, ByteView block) const {
  if (file.position.generation == 0 || file.position.tail.length != 0) {
    const bool inside_hole = file.position.generation > 0 && file.position.offset > 0 && !block.empty() &&
                             block[file.position.tail.length - 1] == 0;
    if (!inside_hole) return 0;
  }
  const ByteView rest = block.subspan(file.position.tail.length);
  const auto end = std::find_if(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0; });
  return static_cast<std::size_t>(end - rest.begin());
}

bool FileReader::marks_match(FollowedFile& file, std::uint64_t start, ByteView bytes) const {
  FilePosition& position = file.position;
  if (content_hash(bytes.first(position.tail.length)) != position.tail.hash && position.tail.length > 0) return false;
  if (start > 0) return true;  // the tail lies behind the head, which only matters while it holds unread bytes
  if (bytes.size() < position.head.length) return false;
  if (position.head.length > 0 && content_hash(bytes.first(position.head.length)) != position.head.hash) return false;
  if (position.head.length < kMarkBytesMax) {
    position.head.length = static_cast<std::uint32_t>(std::min(kMarkBytesMax, bytes.size()));
    position.head.hash = content_hash(bytes.first(position.head.length));
  }
  return true;
}

void FileReader::advance(FollowedFile& file, std::uint64_t start, ByteView bytes, std::size_t consumed) const {
  FilePosition& position = file.position;
  position.prefix.update(bytes.subspan(position.tail.length, consumed));
  position.offset += consumed;
  file.scanned = 0;
  const auto known = static_cast<std::size_t>(position.offset - start);
  position.tail.length = static_cast<std::uint32_t>(std::min(kMarkBytesMax, known));
  position.tail.hash = content_hash(bytes.subspan(known - position.tail.length, position.tail.length));
  position.updated_ms = to_millis(now_);
}

Result<ReadOutcome> FileReader::read_long_line(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk) {
  FB_TRY(const ContentMatch match, compare_content(*file.handle, limit, file.position));
  if (match != ContentMatch::same && match != ContentMatch::unknown) return ReadOutcome::truncated;
  file.checked_ns = file.facts.modified_ns;
  for (int i = 0; i < kLongLineBlocks && file.scanned < limit; ++i) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(options_.block_bytes, limit - file.scanned));
    FB_TRY(const std::size_t n, file.handle->read_at(file.scanned, MutableBytes(buffer_.data(), want)));
    if (n < want) return ReadOutcome::truncated;
    const auto* newline = static_cast<const std::uint8_t*>(std::memchr(buffer_.data(), '\n', n));
    if (newline != nullptr) {
      const auto length = static_cast<std::size_t>(newline - buffer_.data());
      file.scanned_hash.update(ByteView(buffer_.data(), length + 1));
      FB_CHECK(take_line(file, file.scanned + length, true, chunk));
      return ReadOutcome::records;
    }
    file.scanned_hash.update(ByteView(buffer_.data(), n));
    file.scanned += n;
  }
  return file.scanned < limit ? ReadOutcome::working : ReadOutcome::partial;
}

// Hands over [offset, line_end); scanned_hash covers it and its newline.
Result<void> FileReader::take_line(FollowedFile& file, std::uint64_t line_end, bool newline,
                                   spool::RecordChunk& chunk) {
  FilePosition& position = file.position;
  const std::uint64_t length = line_end - position.offset;
  const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(length, options_.lines.line_bytes_max + 1));
  const std::uint64_t next = line_end + (newline ? 1 : 0);
  const std::size_t tail = static_cast<std::size_t>(std::min<std::uint64_t>(kMarkBytesMax, next));
  FB_TRY(const ContentMark mark, read_mark(*file.handle, next - tail, tail));
  FB_TRY(const std::size_t n, file.handle->read_at(position.offset, MutableBytes(buffer_.data(), want)));
  if (n < want || mark.length < tail) return Error{Errc::io, "the file shrank while a line was read; it is read again"};
  add(chunk, splitter_.record(ByteView(buffer_.data(), n), length, newline));
  position.prefix = file.scanned_hash;
  position.offset = next;
  position.tail = mark;
  position.updated_ms = to_millis(now_);
  file.scanned = 0;
  return {};
}

Result<void> FileReader::flush_partial(FollowedFile& file, std::uint64_t limit, spool::RecordChunk& chunk) {
  FB_ASSERT(file.scanned == limit && limit > file.position.offset);
  begin_keys(file);
  return take_line(file, limit, false, chunk);
}

Result<void> FileReader::grow_head(FollowedFile& file) {
  ContentMark& head = file.position.head;
  if (head.length == kMarkBytesMax) return {};
  FB_TRY(const std::size_t n, file.handle->read_at(0, MutableBytes(buffer_.data(), kMarkBytesMax)));
  const ByteView bytes(buffer_.data(), n);
  if (n < head.length || (head.length > 0 && content_hash(bytes.first(head.length)) != head.hash))
    file.truncated = true;
  else if (n > 0) head = ContentMark{static_cast<std::uint32_t>(n), content_hash(bytes)};
  return {};
}

Result<void> FileReader::skip_to_end(FollowedFile& file) {
  FilePosition& position = file.position;
  std::uint64_t end = file.facts.size;
  const std::uint64_t lowest = end - std::min<std::uint64_t>(end, options_.lines.line_bytes_max);
  for (std::uint64_t to = end, found = 0; to > lowest && found == 0;) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(64_KiB, to - lowest));
    FB_TRY(const std::size_t n, file.handle->read_at(to - want, MutableBytes(buffer_.data(), want)));
    const auto* newline = static_cast<const std::uint8_t*>(::memrchr(buffer_.data(), '\n', n));
    to -= want;
    if (newline != nullptr) found = end = to + static_cast<std::uint64_t>(newline - buffer_.data()) + 1;
    else if (to == 0) found = 1, end = 0;
  }
  const auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(kMarkBytesMax, end));
  FB_TRY(position.tail, read_mark(*file.handle, end - tail, tail));
  position.offset = end;
  position.hashed_from = end;
  return {};
}

void FileReader::restart(FollowedFile& file) {
  FilePosition& position = file.position;
  ++position.generation;
  position.offset = 0;
  position.head = position.tail = ContentMark{};
  position.hashed_from = 0;
  position.prefix = ContentHash();
  file.scanned = 0;
  file.largest = 0;
  file.once_size = 0;
  file.checked_ns = -1;
  file.truncated = false;
  file.settled = false;
}

}  // namespace forebay::agent
