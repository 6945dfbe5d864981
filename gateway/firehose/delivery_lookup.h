#pragma once

#include <string_view>
#include <variant>

#include "base/error.h"
#include "gateway/firehose/action.h"
#include "gateway/firehose/document.h"

namespace forebay::gateway::firehose {

/// A delivery stream as a call found it.
struct Found {
  delivery::DeliveryInfo info;
  DeliveryDocument document;
};
using FoundOrFault = std::variant<Found, wire::kinesis::Fault>;

/// Fault  AccessDeniedException: the key may not run this call on it; ResourceNotFoundException.
FoundOrFault find_delivery(const Call& call, std::string_view name);
/// The same for a call that changes it. Fault  also ResourceInUseException: it stands in the configuration file.
FoundOrFault find_changeable(const Call& call, std::string_view name);

wire::kinesis::Fault no_such_delivery(const Call& call, std::string_view name);
/// Another call is changing the delivery stream.
wire::kinesis::Fault being_changed(const Call& call, std::string_view name);
/// What DocumentEdits knows the delivery stream by.
std::string edit_key(const Call& call, std::string_view name);

/// A failure of the services below as clients see it, where a call has no better answer.
wire::kinesis::Fault fault_of(const Error& error);

}  // namespace forebay::gateway::firehose
