#include "spool/commit_reader.h"

#include <algorithm>

#include "base/units.h"
#include "spool/format.h"

namespace forebay::spool {

/// Read-ahead while walking, and the first look at any other place.
constexpr std::uint64_t kWindowBytes = 256_KiB;
constexpr std::uint64_t kFirstLookBytes = 16_KiB;

std::size_t CommitReader::read_with_holes(std::uint64_t position, MutableBytes out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::size_t piece = std::min<std::size_t>(format::kAlignmentMax, out.size() - done);
    MutableBytes target = out.subspan(done, piece);
    auto read = file_->read_at(position + done, target);
    if (!read) {
      std::fill(target.begin(), target.end(), std::uint8_t{0});
      unreadable_bytes_ += piece;
      done += piece;
      continue;
    }
    done += *read;
    if (*read < piece) break;
  }
  return done;
}

ByteView CommitReader::view(std::uint64_t position, std::uint64_t bytes) {
  if (position >= traits_.limit) return {};
  bytes = std::min(bytes, traits_.limit - position);
  if (position < window_at_ || position + bytes > window_at_ + window_bytes_) {
    const bool walking = window_bytes_ != 0 && position >= window_at_ && position <= window_at_ + window_bytes_;
    const std::uint64_t least = walking ? kWindowBytes : kFirstLookBytes;
    const std::uint64_t wanted = std::min(std::max(bytes, least), traits_.limit - position);
    if (window_.size() < wanted) window_.resize(wanted);
    MutableBytes target(window_.data(), wanted);
    auto read = file_->read_at(position, target);
    window_at_ = position;
    window_bytes_ = read ? *read : read_with_holes(position, target);
  }
  const std::uint64_t skip = position - window_at_;
  return ByteView(window_).subspan(skip, std::min(bytes, window_bytes_ - skip));
}

/// True when the entries fill the commit exactly. Errors  unsupported.
static Result<bool> entries_fit(const CommitHeader& header, ByteView content) {
  EntryCursor cursor(header, content);
  for (;;) {
    auto entry = cursor.next();
    if (!entry && entry.error().code == Errc::corrupt) return false;
    if (!entry) return std::move(entry).error();
    if (!entry->has_value()) return true;
  }
}

Result<CommitReader::Found> CommitReader::read_at(std::uint64_t position) {
  Found found;
  const ExpectedCommit expected{traits_.lineage, {traits_.number, position}};
  const auto header = parse_commit_header(view(position, format::commit_header::kSize), expected);
  if (!header) return found;
  found.state = CommitState::broken;
  found.header = *header;
  if (header->size() > traits_.limit - position) return found;
  const ByteView bytes = view(position, header->size());
  if (!commit_is_whole(*header, bytes)) return found;
  FB_CHECK(check_commit_supported(*header));
  found.content = bytes.subspan(format::commit_header::kSize);
  FB_TRY(const bool fit, entries_fit(*header, found.content));
  if (!fit) return found;
  found.state = CommitState::whole;
  found.next = position + format::align_up(header->size(), traits_.alignment);
  return found;
}

Result<std::optional<std::uint64_t>> CommitReader::find_whole(std::uint64_t from) {
  for (std::uint64_t position = from; position < traits_.limit; position += traits_.alignment) {
    FB_TRY(const Found found, read_at(position));
    if (found.state == CommitState::whole) return std::optional(position);
  }
  return std::optional<std::uint64_t>();
}

}  // namespace forebay::spool
