#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace forebay::gateway::test {

/// tests/golden/kinesis/model.json: the service's own description of its calls.
const nlohmann::json& service_model();
/// tests/golden/firehose/model.json, without the pattern of Url: it may be more here than https.
const nlohmann::json& firehose_model();
/// Errors the model lists for a call; none for an unknown one. The model's InternalFailureException is the service's
/// InternalFailure.
std::vector<std::string> model_errors(const std::string& operation);

/// Errors that every call has, shown for all of them by constraints_test.cpp.
bool tested_for_all_calls(const std::string& error);
/// Why no call of this gateway answers an error that the service lists for many; null when some do.
const char* never_answered(const std::string& error);

}  // namespace forebay::gateway::test
