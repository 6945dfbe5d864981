#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace forebay::spool {

/// Inclusive.
struct SequenceRange {
  std::uint64_t from = 1;
  std::uint64_t to = 0;
  [[nodiscard]] std::uint64_t count() const { return to < from ? 0 : to - from + 1; }
  friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

/// Sequence numbers as few ranges, rising, apart from each other.
class RangeSet {
 public:
  void add(SequenceRange range) {
    if (range.count() == 0) return;
    auto at =
        std::find_if(ranges_.begin(), ranges_.end(), [&](const SequenceRange& r) { return r.to + 1 >= range.from; });
    while (at != ranges_.end() && at->from <= range.to + 1) {
      range = {std::min(range.from, at->from), std::max(range.to, at->to)};
      at = ranges_.erase(at);
    }
    ranges_.insert(at, range);
  }
  /// How many numbers of `range` are in the set.
  [[nodiscard]] std::uint64_t count_in(SequenceRange range) const {
    std::uint64_t total = 0;
    for (const SequenceRange& r : ranges_) {
      total += SequenceRange{std::max(r.from, range.from), std::min(r.to, range.to)}.count();
    }
    return total;
  }
  [[nodiscard]] bool contains(std::uint64_t number) const { return count_in({number, number}) == 1; }
  /// The parts of `range` outside the set.
  [[nodiscard]] std::vector<SequenceRange> missing_in(SequenceRange range) const {
    std::vector<SequenceRange> parts;
    for (const SequenceRange& r : ranges_) {
      if (r.to < range.from || r.from > range.to) continue;
      if (r.from > range.from) parts.push_back({range.from, r.from - 1});
      range.from = r.to + 1;
    }
    if (range.count() != 0) parts.push_back(range);
    return parts;
  }
  /// First number at or after `number` outside the set.
  [[nodiscard]] std::uint64_t skip_from(std::uint64_t number) const {
    for (const SequenceRange& r : ranges_) {
      if (r.from <= number && number <= r.to) return r.to + 1;
    }
    return number;
  }
  /// Last number at or before `number` outside the set; 0 when there is none.
  [[nodiscard]] std::uint64_t skip_back_from(std::uint64_t number) const {
    for (const SequenceRange& r : ranges_) {
      if (r.from <= number && number <= r.to) return r.from - 1;
    }
    return number;
  }
  [[nodiscard]] const std::vector<SequenceRange>& ranges() const { return ranges_; }

 private:
  std::vector<SequenceRange> ranges_;
};

}  // namespace forebay::spool
