#include "gateway/kinesis/resource_policy.h"

#include <string>

#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::JsonReader;

namespace {
constexpr std::size_t kPolicyBytesMax = 20 * 1024;

/// Reads one document; `problem` names the first thing a policy cannot have.
class PolicyReader {
 public:
  explicit PolicyReader(std::string_view text) : reader_(text) {}

  std::string problem() {
    if (reader_.peek() != JsonReader::Kind::object) return "it is not a JSON object";
    bool statements = false;
    std::string key;
    reader_.begin_object();
    while (problem_.empty() && reader_.next_key(key)) {
      if (key == "Statement") {
        statements = true;
        read_statements();
      } else {
        reader_.skip();
      }
    }
    if (!problem_.empty()) return problem_;
    if (!reader_.ok() || !reader_.at_end()) return "it is not a JSON object";
    return statements ? "" : "it has no Statement";
  }

 private:
  void read_statements() {
    if (reader_.peek() == JsonReader::Kind::object) return read_statement();
    if (reader_.peek() != JsonReader::Kind::array) {
      problem_ = "Statement is neither an object nor a list";
      return;
    }
    bool any = false;
    reader_.begin_array();
    while (problem_.empty() && reader_.next_element()) {
      any = true;
      if (reader_.peek() == JsonReader::Kind::object) read_statement();
      else problem_ = "a Statement is not an object";
    }
    if (problem_.empty() && !any) problem_ = "Statement is empty";
  }

  void read_statement() {
    bool effect = false;
    bool principal = false;
    bool action = false;
    bool resource = false;
    std::string key;
    std::string value;
    reader_.begin_object();
    while (reader_.next_key(key)) {
      principal = principal || key == "Principal" || key == "NotPrincipal";
      action = action || key == "Action" || key == "NotAction";
      resource = resource || key == "Resource" || key == "NotResource";
      if (key == "Effect" && reader_.peek() == JsonReader::Kind::string) {
        reader_.read_string(value);
        effect = value == "Allow" || value == "Deny";
      } else {
        reader_.skip();
      }
    }
    if (!reader_.ok()) return;
    if (!effect) problem_ = "the Effect of a Statement is neither Allow nor Deny";
    else if (!principal) problem_ = "a Statement has no Principal";
    else if (!action) problem_ = "a Statement has no Action";
    else if (!resource) problem_ = "a Statement has no Resource";
  }

  JsonReader reader_;
  std::string problem_;
};
}  // namespace

std::optional<Fault> refuse_policy(std::string_view text) {
  const std::string problem = text.size() > kPolicyBytesMax
                                  ? "it has " + std::to_string(text.size()) + " bytes, at most 20480 are taken"
                                  : PolicyReader(text).problem();
  if (problem.empty()) return std::nullopt;
  return Fault{ErrorType::invalid_argument, "Policy is not a policy of a resource: " + problem + "."};
}

}  // namespace forebay::gateway::kinesis
