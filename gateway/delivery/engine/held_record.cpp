#include "gateway/delivery/engine/held_record.h"

#include "wire/kinesis/aggregated_record.h"

namespace forebay::gateway::delivery {

std::size_t hold(const DeliveryRecord& record, bool deaggregate, std::deque<HeldRecord>& out) {
  std::optional<std::vector<wire::kinesis::UserRecord>> users;
  if (deaggregate) users = wire::kinesis::unpack_aggregated(record.data);
  if (!users) {
    out.push_back({record.offset, 0, false, record.arrival, std::string(record.partition_key), record.explicit_hash_key,
                   to_buffer(record.data)});
    return out.back().bytes();
  }
  std::size_t bytes = 0;
  std::uint32_t sub_sequence = 0;
  for (const wire::kinesis::UserRecord& user : *users) {
    HeldRecord held;
    held.offset = record.offset;
    held.sub_sequence = sub_sequence++;
    held.aggregated = true;
    held.arrival = record.arrival;
    held.partition_key = user.partition_key;
    if (user.explicit_hash_key) held.explicit_hash_key = wire::kinesis::hash_key_of(user);
    held.data = to_buffer(user.data);
    bytes += held.bytes();
    out.push_back(std::move(held));
  }
  return bytes;
}

}  // namespace forebay::gateway::delivery
