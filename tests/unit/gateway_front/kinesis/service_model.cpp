#include "tests/unit/gateway_front/kinesis/service_model.h"

#include <filesystem>
#include <fstream>

namespace forebay::gateway::test {
using nlohmann::json;

namespace {
json model_of(const char* service) {
  std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "../../../golden" / service / "model.json");
  return json::parse(in)["calls"];
}

void drop_pattern_of_url(json& value) {
  if (!value.is_structured()) return;
  for (auto& [name, member] : value.items()) {
    if (name == "Url") member.erase("pattern");
    drop_pattern_of_url(member);
  }
}
}  // namespace

const json& service_model() {
  static const json model = model_of("kinesis");
  return model;
}

const json& firehose_model() {
  static const json model = [] {
    json made = model_of("firehose");
    drop_pattern_of_url(made);
    return made;
  }();
  return model;
}

std::vector<std::string> model_errors(const std::string& operation) {
  const auto found = service_model().find(operation);
  return found == service_model().end() ? std::vector<std::string>()
                                        : (*found)["errors"].get<std::vector<std::string>>();
}

bool tested_for_all_calls(const std::string& error) {
  return error == "AccessDeniedException" || error == "ValidationException";
}

const char* never_answered(const std::string& error) {
  if (error == "LimitExceededException") return "calls have no rates here; quotas of single calls are shown";
  if (error.starts_with("KMS")) return "keys are files of the gateway, no service that could refuse";
  if (error == "InternalFailureException") return "only when the disk fails";
  return nullptr;
}

}  // namespace forebay::gateway::test
