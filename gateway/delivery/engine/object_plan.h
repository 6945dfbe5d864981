#pragma once

#include <optional>

#include "gateway/delivery/definition.h"
#include "gateway/delivery/object_builder.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// What a track of a delivery stream writes as objects.
struct ObjectPlan {
  Processing processing;
  ObjectDestination objects;
};

/// Empty when the track's records go to a record sink, or when the definition has no such track. A replay goes where
/// live records go.
std::optional<ObjectPlan> object_plan(const DeliveryDefinition& definition, std::string_view track);

/// The object that stands for records nobody can deliver any more: one JSON line in the error prefix, in the words of
/// declared losses, {"_forebay":"gap",...}. The same cut and reason give the same bytes.
/// Errors  as ObjectNames::make().
Result<FinishedObject> loss_declaration(const ObjectDestination& objects, const Cut& cut, const std::string& reason);
/// That line alone, with its newline.
std::string loss_line(const Cut& cut, const std::string& reason);

/// The destination with names for error objects only: its prefix may need partition keys, which these have not.
ObjectDestination error_names(ObjectDestination objects);

inline constexpr std::string_view kLossErrorType = "lost-records";

}  // namespace forebay::gateway::delivery
