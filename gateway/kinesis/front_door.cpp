#include "gateway/kinesis/front_door.h"

#include "gateway/kinesis/action_table.h"
#include "wire/kinesis/shape.h"

namespace forebay::gateway::kinesis {
using http::Request;

const Action* action_of(const Request& request) {
  const std::string_view target = request.header("x-amz-target");
  if (!target.starts_with(wire::kinesis::kTargetPrefix)) return nullptr;
  return find_action(target.substr(wire::kinesis::kTargetPrefix.size()));
}

std::optional<http::Response> check_front_door(const Request& request) {
  aws::Visitor visitor;
  visitor.known_action = action_of(request) != nullptr;
  visitor.cbor_taken = true;
  return aws::check_front_door(request, visitor);
}

}  // namespace forebay::gateway::kinesis
