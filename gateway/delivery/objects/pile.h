#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// Where a record lies in a pile whose records are converted later.
struct PileRow {
  std::size_t end = 0;  ///< behind its last byte
  stream::Offset offset;
  std::uint32_t sub_sequence = 0;
  bool aggregated = false;
  WallTime arrival;
};

/// What becomes one object: the payload so far.
struct Pile {
  std::string partition;  ///< with only the partition keys filled in
  std::vector<std::string> partition_keys;
  Buffer bytes;
  std::vector<PileRow> rows;  ///< only for format conversion
  std::uint64_t table_bytes = 0;  ///< memory of the table that these rows become, without texts
  std::uint64_t records = 0;
  WallTime oldest = WallTime::max();
  std::size_t overhead = sizeof(Pile);  ///< memory of what does not grow, and of the pile's place in an index

  /// Memory held.
  [[nodiscard]] std::size_t held() const { return overhead + bytes.capacity() + rows.capacity() * sizeof(PileRow); }
  void count(WallTime arrival) {
    ++records;
    oldest = std::min(oldest, arrival);
  }
};

}  // namespace forebay::gateway::delivery
