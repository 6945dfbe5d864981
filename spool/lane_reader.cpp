#include "spool/lane_reader.h"

#include <algorithm>

namespace forebay::spool {

/// Finds the entry that holds next_, or the first one after it. False at the end of what is durable.
Result<bool> LaneReader::load_entry() {
  while (!entry_ || entry_->last() < next_) {
    entry_.reset();
    walker_.reset();
    FB_TRY(const auto found, cursor_->next());
    if (!found) return false;
    if (found->type != static_cast<std::uint16_t>(EntryType::records) || found->lineage != lane_.lineage) continue;
    FB_TRY(const RecordsEntry entry, parse_records(found->content));
    if (entry.count != 0 && entry.stream == lane_.stream) entry_ = entry;
  }
  return true;
}

/// Puts the walker in front of next_.
void LaneReader::start_walk() {
  if (walker_ && walker_at_ == next_) return;
  if (!walker_ || walker_at_ > next_) {
    walker_.emplace(entry_->records);
    walker_at_ = entry_->first;
    record_ = walker_->next();
  }
  while (record_ && walker_at_ < next_) {
    record_ = walker_->next();
    ++walker_at_;
  }
}

void LaneReader::take_part(const Limits& limits, Cut& cut) {
  RecordChunk part(lane_.stream);
  start_walk();
  while (record_ && next_ <= std::min(entry_->last(), limits.last) && cut.count < limits.records_max) {
    // An upper bound of the encoded size: key, time and lengths.
    const std::uint64_t size = record_->partition_key.size() + record_->data.size() + 24;
    if (cut.count != 0 && cut.bytes + part.size_bytes() + size > limits.bytes_max) break;
    part.add(record_->partition_key, record_->time, record_->data);
    ++cut.count;
    ++next_;
    record_ = walker_->next();
    ++walker_at_;
  }
  if (part.empty()) return;
  cut.bytes += part.size_bytes();
  cut.records.push_back(to_buffer(part.bytes()));
}

Result<LaneReader::Cut> LaneReader::cut(const Limits& limits) {
  Cut cut;
  cut.first = next_;
  while (next_ <= limits.last && cut.count < limits.records_max) {
    FB_TRY(const bool there, load_entry());
    const std::uint64_t found = there ? entry_->first : limits.last + 1;
    if (found > next_) {
      if (cut.count == 0) cut.hole = {next_, std::min(found - 1, limits.last)};
      break;
    }
    const bool whole = entry_->first == next_ && entry_->last() <= limits.last &&
                       cut.count + entry_->count <= limits.records_max;
    if (whole && cut.bytes + entry_->records.size() <= limits.bytes_max) {
      cut.records.push_back(to_buffer(entry_->records));
      cut.bytes += entry_->records.size();
      cut.count += entry_->count;
      next_ += entry_->count;
      continue;
    }
    if (whole && cut.count != 0) break;  // the next batch takes it whole, without encoding it again
    const std::uint64_t before = cut.count;
    take_part(limits, cut);
    if (cut.count == before) {
      // Fewer records than the entry says: only a wrong program writes that, and it must not stop the lane.
      if (cut.count == 0 && !record_) cut.hole = {next_, std::min(entry_->last(), limits.last)};
      break;
    }
  }
  return cut;
}

}  // namespace forebay::spool
