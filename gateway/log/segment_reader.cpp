#include "gateway/log/segment_reader.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/crc32c.h"
#include "wire/kafka/record_batch.h"

namespace forebay::gateway::log {
namespace {

constexpr std::size_t kCrcPosition = 17;
constexpr std::size_t kCrcStart = 21;

}  // namespace

Result<std::shared_ptr<SegmentReader>> SegmentReader::open(FileSystem& files, const DataPaths& paths,
                                                           const SegmentIdentity& identity) {
  FB_TRY(auto segment, files.open(paths.segment(identity.shard, identity.base), OpenMode::read));
  FB_TRY(auto rows, files.open(paths.rows(identity.shard, identity.base), OpenMode::read));
  Buffer header(kRowsHeaderSize);
  FB_TRY(const std::size_t read, rows->read_at(0, header));
  header.resize(read);
  FB_CHECK(check_rows_header(header, identity));
  return std::shared_ptr<SegmentReader>(new SegmentReader(identity, std::move(segment), std::move(rows)));
}

Result<SegmentRow> SegmentReader::row(std::uint64_t index) const {
  std::uint8_t bytes[kRowSize];
  FB_TRY(const std::size_t read, rows_->read_at(row_position(index), bytes));
  return decode_row(identity_, index, ByteView(bytes, read));
}

Result<std::vector<SegmentRow>> SegmentReader::rows(std::uint64_t first, std::uint64_t count) const {
  Buffer bytes(count * kRowSize);
  FB_TRY(const std::size_t read, rows_->read_at(row_position(first), bytes));
  std::vector<SegmentRow> rows;
  for (std::size_t i = 0; (i + 1) * kRowSize <= read; ++i) {
    auto row = decode_row(identity_, first + i, ByteView(bytes).subspan(i * kRowSize, kRowSize));
    if (!row) break;
    rows.push_back(*std::move(row));
  }
  return rows;
}

Result<std::uint64_t> SegmentReader::find_offset(Offset offset, std::uint64_t row_count) const {
  std::uint64_t low = 0;
  std::uint64_t high = row_count;  // rows at and above it lie past the offset
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto row = this->row(middle);
    if (!row) {
      std::uint64_t best = 0;
      for (std::uint64_t i = 0; i < row_count; ++i)
        if (const auto one = this->row(i); one && one->base <= offset) best = i;
      return best;
    }
    (row->base <= offset ? low : high) = middle;
  }
  return low;
}

Result<std::uint64_t> SegmentReader::find_arrival(WallTime time, std::uint64_t row_count) const {
  std::uint64_t low = 0;
  std::uint64_t high = row_count;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    FB_TRY(const SegmentRow row, this->row(middle));
    if (row.arrival < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

Result<void> SegmentReader::read(std::uint64_t position, MutableBytes out) const {
  FB_TRY(const std::size_t read, segment_->read_at(position, out));
  if (read != out.size())
    return Error{Errc::corrupt, "segment " + std::to_string(identity_.base.value()) + " ends early"};
  return {};
}

Result<void> check_batch(const SegmentRow& row, ByteView batch) {
  FB_TRY(const wire::kafka::BatchHeader header, wire::kafka::read_batch_header(batch));
  const bool fits = header.base_offset == row.base.value() && header.total_size() == batch.size() &&
                    header.record_count == static_cast<std::int32_t>(row.record_count);
  const std::uint32_t crc = ByteReader(batch.subspan(kCrcPosition, 4)).u32_be();
  if (!fits || crc != crc32c(batch.subspan(kCrcStart)))
    return Error{Errc::corrupt, "batch at offset " + std::to_string(row.base.value()) + " is damaged"};
  return {};
}

Result<std::shared_ptr<SegmentReader>> SegmentCache::get(const SegmentIdentity& identity) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.identity == identity; });
  if (found != slots_.end()) {
    slots_.splice(slots_.begin(), slots_, found);
    return found->reader;
  }
  FB_TRY(auto reader, SegmentReader::open(*files_, *paths_, identity));
  slots_.push_front({identity, reader});
  if (slots_.size() > kOpenMax) slots_.pop_back();
  return reader;
}

void SegmentCache::forget(const SegmentIdentity& identity) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(slots_, [&](const Slot& slot) { return slot.identity == identity; });
}

}  // namespace forebay::gateway::log
