#include "gateway/log/shard_reader.h"

#include <algorithm>
#include <string>

#include "gateway/log/batch_cipher.h"

namespace forebay::gateway::log {
namespace {

constexpr std::uint64_t kRowsPerRead = 128;

Error hole_error(const ShardView& view, Offset from) {
  return Error{Errc::corrupt, "stream " + std::to_string(view.id().stream.value()) + " shard " +
                                  std::to_string(view.id().shard.value()) + ": offset " + std::to_string(from.value()) +
                                  " lies in a declared hole"};
}

Result<void> check_range(const ShardView& view, Offset from, Offset end) {
  if (from < view.start())
    return Error{Errc::out_of_range, "offset " + std::to_string(from.value()) + " is below the start offset " +
                                         std::to_string(view.start().value())};
  if (from > end)
    return Error{Errc::out_of_range,
                 "offset " + std::to_string(from.value()) + " is past the end offset " + std::to_string(end.value())};
  return {};
}

LogRead::Batch to_batch(const SegmentRow& row, ByteView bytes) {
  LogRead::Batch batch{bytes, row.base, row.record_count, row.arrival, {}, row.seal.is_set()};
  if (row.has_lane) batch.upload = UploadMark{row.lane.lineage, row.range.last()};
  return batch;
}

/// Adds a run's batches that continue `read`; false when it is full or the run does not continue it.
bool add_run(const TailRun& run, Offset from, Offset end, std::size_t bytes_max, std::size_t& bytes, LogRead& read) {
  const std::uint32_t count = run.count();
  for (std::uint32_t i = 0; i < count; ++i) {
    const SegmentRow& row = run[i].row;
    if (row.end() <= from) continue;
    if (row.end() > end || run[i].bytes.empty()) return false;
    if (read.batches.empty() ? row.base > from
                             : row.base != read.batches.back().base + read.batches.back().record_count)
      return false;
    if (!read.batches.empty() && bytes + row.length > bytes_max) return false;
    bytes += row.length;
    read.batches.push_back(to_batch(row, run[i].bytes));
  }
  return true;
}

/// The segment that holds `offset`, if any does.
std::shared_ptr<SegmentInfo> find_segment(const ShardView::Segments& segments, Offset offset) {
  auto above = std::upper_bound(segments.begin(), segments.end(), offset,
                                [](Offset wanted, const auto& segment) { return wanted < segment->identity.base; });
  if (above == segments.begin()) return {};
  return *--above;
}

}  // namespace

Result<std::optional<LogRead>> ShardReader::read_memory(const ShardView& view, Offset from,
                                                        std::size_t bytes_max) const {
  LogRead read;
  read.end = view.end();
  FB_CHECK(check_range(view, from, read.end));
  if (from == read.end) return std::optional<LogRead>(std::move(read));
  const auto runs = view.runs();
  if (runs->empty() || runs->front()->count() == 0 || (*runs->front())[0].row.base > from)
    return std::optional<LogRead>();
  auto used = std::make_shared<ShardView::Runs>();
  std::size_t bytes = 0;
  for (const auto& run : *runs) {
    const std::size_t before = read.batches.size();
    const bool more = add_run(*run, from, read.end, bytes_max, bytes, read);
    if (read.batches.size() > before) used->push_back(run);
    if (!more) break;
  }
  if (read.batches.empty()) {
    FB_TRY(read, open_late(view, *runs, from));
    return std::optional<LogRead>(std::move(read));
  }
  read.owner = std::move(used);
  return std::optional<LogRead>(std::move(read));
}

Result<LogRead> ShardReader::open_late(const ShardView& view, const ShardView::Runs& runs, Offset from) const {
  for (const auto& run : runs) {
    const std::uint32_t count = run->count();
    for (std::uint32_t i = 0; i < count; ++i) {
      const TailBatch& batch = (*run)[i];
      if (batch.row.base > from || batch.row.end() <= from || !batch.row.seal.is_set()) continue;
      auto owner = std::make_shared<Buffer>(batch.sealed);
      auto opened = open_batch(view.id(), batch.row, *owner);
      if (!opened && opened.error().code == Errc::permission) return std::move(opened).error();
      if (!opened) return hole_error(view, from);
      LogRead read;
      read.end = view.end();
      read.batches.push_back(to_batch(batch.row, *owner));
      read.owner = std::move(owner);
      return read;
    }
  }
  return hole_error(view, from);
}

bool ShardReader::is_hole(const ShardView& view, const TailBatch& batch) const {
  if (!batch.bytes.empty()) return false;
  Buffer bytes = batch.sealed;
  const auto opened = open_batch(view.id(), batch.row, bytes);
  return !opened && opened.error().code != Errc::permission;
}

Result<void> ShardReader::open_batch(ShardId shard, const SegmentRow& row, MutableBytes batch) const {
  FB_CHECK(cipher_->open(shard, row, batch));
  return check_batch(row, batch);
}

Result<LogRead> ShardReader::read(const ShardView& view, Offset from, std::size_t bytes_max) {
  FB_TRY(auto memory, read_memory(view, from, bytes_max));
  if (memory) return *std::move(memory);
  const Offset end = view.end();
  const auto segments = view.segments();
  const auto segment = find_segment(*segments, from);
  if (!segment || segment->extent().end <= from) {
    FB_CHECK(check_range(view, from, end));  // retention may have passed by meanwhile
    return hole_error(view, from);
  }
  auto read = read_segment(*segment, from, end, bytes_max);
  if (!read && (read.error().code == Errc::corrupt || read.error().code == Errc::not_found)) {
    FB_CHECK(check_range(view, from, end));
    return hole_error(view, from).with_context(read.error().context);
  }
  return read;
}

Result<LogRead> ShardReader::read_segment(const SegmentInfo& segment, Offset from, Offset end, std::size_t bytes_max) {
  FB_TRY(const auto reader, cache_.get(segment.identity));
  const std::uint64_t row_count = segment.row_count();
  FB_TRY(std::uint64_t index, reader->find_offset(from, row_count));
  std::vector<SegmentRow> rows;
  std::size_t bytes = 0;
  bool more = true;
  while (more && index < row_count) {
    const std::uint64_t wanted = std::min(kRowsPerRead, row_count - index);
    FB_TRY(const auto block, reader->rows(index, wanted));
    more = block.size() == wanted;
    for (const SegmentRow& row : block) {
      const bool continues = rows.empty() ? row.base <= from && row.end() > from : row.base == rows.back().end();
      if (!continues || (!rows.empty() && bytes + row.length > bytes_max)) {
        more = false;
        break;
      }
      bytes += row.length;
      rows.push_back(row);
    }
    index += wanted;
  }
  if (rows.empty()) return Error{Errc::corrupt, "no readable row"};
  auto owner = std::make_shared<Buffer>(bytes);
  LogRead read;
  read.end = end;
  if (auto done = reader->read(rows.front().position, *owner); !done) {
    // A short file: the first batch alone may still be whole.
    rows.resize(1);
    owner->resize(rows.front().length);
    FB_CHECK(reader->read(rows.front().position, *owner));
  }
  for (const SegmentRow& row : rows) {
    const MutableBytes batch = MutableBytes(*owner).subspan(row.position - rows.front().position, row.length);
    if (auto good = open_batch(segment.identity.shard, row, batch); !good) {
      if (read.batches.empty()) return std::move(good).error();
      break;
    }
    read.batches.push_back(to_batch(row, batch));
  }
  read.owner = std::move(owner);
  return read;
}

std::optional<Offset> ShardReader::first_readable(const SegmentInfo& segment, Offset from) {
  const auto reader = cache_.get(segment.identity);
  if (!reader) return {};
  const std::uint64_t row_count = segment.row_count();
  Buffer batch;
  for (std::uint64_t i = 0; i < row_count; ++i) {
    const auto row = (*reader)->row(i);
    if (!row || row->end() <= from) continue;
    batch.resize(row->length);
    if (!(*reader)->read(row->position, batch)) continue;
    const auto opened = open_batch(segment.identity.shard, *row, batch);
    // A batch whose key is missing is no hole: whoever comes there is told so.
    if (opened || opened.error().code == Errc::permission) return std::max(from, row->base);
  }
  return {};
}

Result<Offset> ShardReader::readable_from(const ShardView& view, Offset from) {
  from = std::max(from, view.start());
  const Offset end = view.end();
  const auto runs = view.runs();
  const auto segments = view.segments();
  for (const auto& segment : *segments) {
    if (segment->extent().end <= from) continue;
    if (const auto offset = first_readable(*segment, from)) return *offset;
  }
  for (const auto& run : *runs) {
    const std::uint32_t count = run->count();
    for (std::uint32_t i = 0; i < count; ++i)
      if ((*run)[i].row.end() > from && !is_hole(view, (*run)[i])) return std::max(from, (*run)[i].row.base);
  }
  return end;
}

Result<std::optional<Offset>> ShardReader::arrival_in(const SegmentInfo& segment, const SegmentInfo::Extent& extent,
                                                      WallTime time) {
  FB_TRY(const auto reader, cache_.get(segment.identity));
  FB_TRY(const std::uint64_t index, reader->find_arrival(time, extent.rows));
  if (index == extent.rows) return std::optional<Offset>();
  FB_TRY(const SegmentRow row, reader->row(index));
  return std::optional(row.base);
}

Result<Offset> ShardReader::offset_at(const ShardView& view, WallTime time) {
  const Offset end = view.end();
  const auto runs = view.runs();
  const auto segments = view.segments();
  const Offset start = view.start();
  // Arrival never falls within a shard, so the first segment whose last arrival reaches `time` holds the row.
  for (const auto& segment : *segments) {
    const SegmentInfo::Extent extent = segment->extent();
    if (extent.rows == 0 || extent.last_arrival < time) continue;
    const auto base = arrival_in(*segment, extent, time);
    // A missing or damaged segment is read around: its beginning skips nothing, and the read says what is lost.
    if (!base && (base.error().code == Errc::not_found || base.error().code == Errc::corrupt))
      return std::max(start, segment->identity.base);
    FB_CHECK(base);
    if (*base) return std::max(start, **base);
  }
  for (const auto& run : *runs) {
    const std::uint32_t count = run->count();
    for (std::uint32_t i = 0; i < count; ++i)
      if ((*run)[i].row.arrival >= time) return std::max(start, (*run)[i].row.base);
  }
  return end;
}

}  // namespace forebay::gateway::log
