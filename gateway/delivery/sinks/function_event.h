#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// Lambda's event for records of a Kinesis stream.
struct FunctionEvent {
  std::string json;
  std::vector<std::string> sequence_numbers;  ///< of the records, in their order; equal within an aggregate
};

/// How large an event may be, as Lambda has it; the sum of event_bytes() bounds it from above, but for the frame.
inline constexpr std::size_t kFunctionEventBytesMax = 6'000'000;
std::size_t event_bytes(const SourceShard& source, const DeliveryRecord& record);

FunctionEvent make_function_event(const SourceShard& source, std::span<const DeliveryRecord* const> records);

}  // namespace forebay::gateway::delivery
