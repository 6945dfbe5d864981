#include "gateway/log/segment_writer.h"

#include "gateway/log/failpoint.h"

namespace forebay::gateway::log {

SegmentWriter::SegmentWriter(FileSystem& files, const DataPaths& paths, const SegmentOptions& options,
                             std::shared_ptr<ShardView> view)
    : files_(&files), paths_(&paths), options_(options), view_(std::move(view)), written_(view_->end()) {}

void SegmentWriter::restore(std::shared_ptr<SegmentInfo> active, Offset written) {
  active_ = std::move(active);
  written_ = written;
}

bool SegmentWriter::has_unwritten() const {
  const auto runs = view_->runs();
  if (runs->empty()) return false;
  const TailRun& last = *runs->back();
  const std::uint32_t count = last.count();
  return count > 0 && last[count - 1].row.end() > written_;
}

bool SegmentWriter::is_due(const ShardView::Runs& runs, SteadyTime now) const {
  std::uint64_t bytes = 0;
  for (const auto& run : runs) {
    const std::uint32_t count = run->count();
    for (std::uint32_t i = 0; i < count; ++i)
      if ((*run)[i].row.base >= written_) bytes += (*run)[i].row.length;
    if (bytes >= options_.run_bytes) return true;
  }
  return !runs.empty() && now - runs.front()->started() >= options_.run_age_max;
}

Result<void> SegmentWriter::write(Which which, SteadyTime now, WallTime wall) {
  const auto runs = view_->runs();
  if (which == Which::due && !is_due(*runs, now)) return {};
  for (const auto& run : *runs) {
    run->seal();
    FB_CHECK(write_run(*run, wall));
  }
  view_->drop_runs_before(written_);
  return {};
}

Result<void> SegmentWriter::write_run(const TailRun& run, WallTime wall) {
  const std::uint32_t count = run.count();
  std::uint32_t first = 0;
  while (first < count && run[first].row.base < written_) ++first;
  if (first == count) return {};
  std::vector<ByteView> parts;
  std::vector<SegmentRow> rows;
  std::uint64_t bytes = 0;
  for (std::uint32_t i = first; i < count; ++i) bytes += run[i].row.length;
  FB_CHECK(ensure_segment(run[first].row, bytes, wall));
  SegmentInfo::Extent extent = active_->extent();
  const std::uint64_t start = extent.bytes;
  for (std::uint32_t i = first; i < count; ++i) {
    rows.push_back(run[i].row);
    rows.back().position = extent.bytes;
    extent.bytes += run[i].row.length;
    parts.emplace_back(run[i].stored());
  }
  needs_sync_ = true;
  FB_CHECK(open_.segment->write_at(start, parts));
  failpoint(Failpoint::run_written);
  FB_CHECK(write_rows(rows, extent.rows));
  failpoint(Failpoint::rows_written);
  if (extent.rows == 0) extent.first_arrival = rows.front().arrival;
  extent.rows += rows.size();
  extent.end = rows.back().end();
  extent.last_arrival = rows.back().arrival;
  active_->publish(extent);
  written_ = extent.end;
  return {};
}

Result<void> SegmentWriter::write_rows(std::span<const SegmentRow> rows, std::uint64_t first_index) {
  rows_buffer_.clear();
  for (std::size_t i = 0; i < rows.size(); ++i) encode_row(active_->identity, first_index + i, rows[i], rows_buffer_);
  return open_.rows->write_at(row_position(first_index), ByteView(rows_buffer_));
}

Result<void> SegmentWriter::ensure_segment(const SegmentRow& first, std::uint64_t bytes, WallTime wall) {
  if (active_) {
    const SegmentInfo::Extent extent = active_->extent();
    const bool full = extent.bytes > 0 && extent.bytes + bytes > options_.segment_bytes_max;
    const bool old = extent.rows > 0 && wall - active_->created >= options_.segment_age_max;
    if (full || old) roll();
  }
  if (!active_) return create_segment(first, wall);
  if (!open_.segment) return open_files();
  return {};
}

void SegmentWriter::roll() {
  if (!active_) return;
  active_->closed.store(true);
  if (open_.segment) rolled_.push_back(std::move(open_));
  open_ = {};
  active_.reset();
  failpoint(Failpoint::segment_rolled);
}

Result<void> SegmentWriter::create_segment(const SegmentRow& first, WallTime wall) {
  const SegmentIdentity identity{view_->id(), first.base};
  FB_CHECK(files_->create_directories(paths_->shard(view_->id())));
  new_files_ = true;
  OpenFiles open;
  FB_TRY(open.segment, files_->open(paths_->segment(identity.shard, identity.base), OpenMode::open_always));
  FB_TRY(open.rows, files_->open(paths_->rows(identity.shard, identity.base), OpenMode::open_always));
  FB_CHECK(open.segment->truncate(0));
  FB_CHECK(open.rows->truncate(0));
  rows_buffer_.clear();
  encode_rows_header(identity, wall, rows_buffer_);
  FB_CHECK(open.rows->write_at(0, ByteView(rows_buffer_)));
  auto segment = std::make_shared<SegmentInfo>(identity, wall);
  SegmentInfo::Extent extent;
  extent.end = first.base;
  segment->publish(extent);
  open_ = std::move(open);
  active_ = segment;
  view_->add_segment(std::move(segment));
  failpoint(Failpoint::segment_created);
  return {};
}

Result<void> SegmentWriter::open_files() {
  OpenFiles open;
  FB_TRY(open.segment, files_->open(paths_->segment(view_->id(), active_->identity.base), OpenMode::read_write));
  FB_TRY(open.rows, files_->open(paths_->rows(view_->id(), active_->identity.base), OpenMode::read_write));
  open_ = std::move(open);
  return {};
}

Result<void> SegmentWriter::sync(std::set<std::string>& folders) {
  if (!needs_sync_) return {};
  for (OpenFiles& old : rolled_) {
    FB_CHECK(old.segment->sync_data());
    FB_CHECK(old.rows->sync_data());
  }
  rolled_.clear();
  if (open_.segment) {
    FB_CHECK(open_.segment->sync_data());
    FB_CHECK(open_.rows->sync_data());
  }
  if (new_files_) {
    folders.insert(paths_->shard(view_->id()));
    folders.insert(paths_->stream(view_->id().stream));
    folders.insert(paths_->streams());
  }
  new_files_ = false;
  needs_sync_ = false;
  return {};
}

void SegmentWriter::close_files() {
  FB_ASSERT(!needs_sync_);
  open_ = {};
}

}  // namespace forebay::gateway::log
