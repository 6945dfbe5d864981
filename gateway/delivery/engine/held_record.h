#pragma once

#include <deque>
#include <vector>

#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// A record that waits for its sink, with bytes of its own.
struct HeldRecord {
  stream::Offset offset;
  std::uint32_t sub_sequence = 0;
  bool aggregated = false;
  WallTime arrival;
  std::string partition_key;
  std::optional<HashKey> explicit_hash_key;
  Buffer data;

  [[nodiscard]] std::size_t bytes() const { return partition_key.size() + data.size(); }
  /// Borrows from this.
  [[nodiscard]] DeliveryRecord view() const {
    return {offset, sub_sequence, aggregated, arrival, partition_key, explicit_hash_key, data};
  }
};

/// Appends the record, or the user records of a KPL aggregate when `deaggregate`. Result  bytes added.
std::size_t hold(const DeliveryRecord& record, bool deaggregate, std::deque<HeldRecord>& out);

}  // namespace forebay::gateway::delivery
