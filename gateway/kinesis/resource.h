#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

/// What a ResourceARN means: a stream, or a consumer registered with one.
struct Resource {
  stream::StreamPtr stream;
  std::string tags;    ///< name space of its tags among the stream's attributes
  std::string policy;  ///< attribute that holds its policy
  std::string consumer;  ///< attribute of the consumer; empty: it is the stream itself
};
using ResourceOrFault = std::variant<Resource, wire::kinesis::Fault>;

/// Fault  InvalidArgumentException: the ARN of neither; AccessDeniedException; ResourceNotFoundException.
ResourceOrFault find_resource(Call& call, std::string_view arn);

}  // namespace forebay::gateway::kinesis
