#pragma once

#include "gateway/stream/stream_service.h"
#include "wire/kinesis/sequence_number.h"

namespace forebay::gateway::kinesis {

/// The one place that maps offsets to sequence numbers. The counter of a record is its offset + 1, so that the starting
/// number of a shard (counter 0) lies before its first record and "after" it means all of them
/// (docs/decisions/0020-sequence-number-counter.md).
inline std::int64_t epoch_seconds(WallTime time) { return to_millis(time) / 1000; }

inline wire::kinesis::SequenceNumber record_number(WallTime shard_created, stream::ShardNumber shard,
                                                   stream::Offset offset, WallTime arrival) {
  wire::kinesis::SequenceNumber number;
  number.created_s = epoch_seconds(shard_created);
  number.shard = shard.value();
  number.counter = static_cast<std::uint64_t>(offset.value()) + 1;
  number.arrival_s = epoch_seconds(arrival);
  return number;
}

/// Number before the first record of a shard.
inline wire::kinesis::SequenceNumber starting_number(const stream::Shard& shard) {
  return {epoch_seconds(shard.created), shard.number.value(), 0, epoch_seconds(shard.created)};
}

/// Number behind the last record of a closed shard.
inline wire::kinesis::SequenceNumber ending_number(const stream::Shard& shard) {
  return {epoch_seconds(shard.created), shard.number.value(), wire::kinesis::kEndCounter,
          epoch_seconds(shard.closed.value_or(shard.created))};
}

/// Offset to read from so that the record of this number comes first (0 for the starting number; past every record for
/// the ending one).
inline stream::Offset offset_at(const wire::kinesis::SequenceNumber& number) {
  return stream::Offset(number.counter == 0 ? 0 : static_cast<std::int64_t>(number.counter) - 1);
}
/// Offset to read from so that only records after this number come.
inline stream::Offset offset_after(const wire::kinesis::SequenceNumber& number) {
  return stream::Offset(static_cast<std::int64_t>(number.counter));
}

}  // namespace forebay::gateway::kinesis
