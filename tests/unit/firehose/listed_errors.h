#pragma once

#include <string>
#include <vector>

#include "tests/unit/gateway_front/kinesis/service_model.h"

namespace forebay::gateway::test {

/// Errors that the service's model lists for a call.
inline std::vector<std::string> listed_errors(const std::string& operation) {
  return firehose_model()[operation]["errors"].get<std::vector<std::string>>();
}

/// Why no call answers an error that the service lists for many; null when some do.
inline const char* never_of_firehose(const std::string& error) {
  if (error == "InvalidSourceException") return "only of sources this gateway does not serve";
  if (error == "ServiceUnavailableException") return "only when the disk is full or the gateway stops";
  return nullptr;
}

}  // namespace forebay::gateway::test
