#pragma once

#include <variant>

#include "gateway/firehose/delivery_lookup.h"
#include "wire/firehose/shapes/update_destination.h"

namespace forebay::gateway::firehose {

/// The document as an update of its destination makes it: members of the same kind merge, another kind replaces all.
/// Fault  InvalidArgumentException: no destination, or one that must not change so; ValidationException: a member is
/// missing in a new kind.
std::variant<DeliveryDocument, wire::kinesis::Fault> updated_document(
    const Call& call, const DeliveryDocument& present, const wire::firehose::UpdateDestinationRequest& request);

}  // namespace forebay::gateway::firehose
