#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/firehose/action.h"

/// Whether the calling key may do what it asks for. Delivery stream by delivery stream the check stands in
/// delivery_lookup.h, through which every call finds its delivery stream.
namespace forebay::gateway::firehose {

/// To name the address of a sink that is not a bucket: records leave for wherever it points.
inline constexpr std::string_view kUseSinkUrl = "forebay:UseSinkUrl";

/// arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME
std::string arn_of(const Call& call, std::string_view name);

/// Fault  AccessDeniedException: the key may not run this call on anything.
std::optional<wire::kinesis::Fault> refuse_call(const Call& call);
/// Fault  AccessDeniedException: the key may not run this call on the resource (an ARN, or "*").
std::optional<wire::kinesis::Fault> refuse_resource(const Call& call, std::string_view resource);
/// The same for a delivery stream of the calling account, which need not exist.
std::optional<wire::kinesis::Fault> refuse_delivery(const Call& call, std::string_view name);
/// Fault  AccessDeniedException: the key may not point a delivery stream at a sink by URL.
std::optional<wire::kinesis::Fault> refuse_sink_url(const Call& call, std::string_view name);
/// Fault  AccessDeniedException: the key may not read this stream of the calling account, so it may not have it
/// delivered either.
std::optional<wire::kinesis::Fault> refuse_source(const Call& call, std::string_view stream);

}  // namespace forebay::gateway::firehose
