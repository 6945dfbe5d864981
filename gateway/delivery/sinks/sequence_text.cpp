#include "gateway/delivery/sinks/sequence_text.h"

#include "wire/kinesis/sequence_number.h"

namespace forebay::gateway::delivery {

std::string sequence_text(const SourceShard& source, const DeliveryRecord& record) {
  wire::kinesis::SequenceNumber number;
  number.created_s = to_millis(source.shard_created) / 1000;
  number.shard = source.shard.value();
  number.counter = static_cast<std::uint64_t>(record.offset.value()) + 1;
  number.arrival_s = to_millis(record.arrival) / 1000;
  return to_decimal(number);
}

}  // namespace forebay::gateway::delivery
