#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http_client.h"

namespace forebay::gateway::delivery {

/// Whether an answer with status 200 accepts a request of Firehose's HTTP endpoint protocol. Empty: it does; otherwise
/// what is wrong with it, which counts like a failure of the receiver.
std::optional<std::string> firehose_answer_fault(const HttpResponse& response, std::string_view request_id);

}  // namespace forebay::gateway::delivery
