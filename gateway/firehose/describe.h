#pragma once

#include "gateway/firehose/action.h"
#include "gateway/firehose/document.h"
#include "wire/firehose/shapes/describe_delivery_stream.h"

namespace forebay::gateway::firehose {

/// The one destination that a delivery stream has.
inline constexpr std::string_view kDestinationId = "destinationId-000000000001";

/// What DescribeDeliveryStream says.
wire::firehose::DeliveryStreamDescription description_of(const Call& call, const delivery::DeliveryInfo& info,
                                                         const DeliveryDocument& document);

}  // namespace forebay::gateway::firehose
