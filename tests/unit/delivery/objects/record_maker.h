#pragma once

#include <string_view>

#include "gateway/delivery/record.h"

namespace forebay::test {

inline gateway::delivery::DeliveryRecord make_record(std::int64_t offset, ByteView data) {
  gateway::delivery::DeliveryRecord record;
  record.offset = gateway::stream::Offset(offset);
  record.arrival = from_millis(1'767'323'045'678 + offset);
  record.partition_key = "key";
  record.data = data;
  return record;
}
inline gateway::delivery::DeliveryRecord make_record(std::int64_t offset, std::string_view data) {
  return make_record(offset, as_bytes(data));
}

}  // namespace forebay::test
