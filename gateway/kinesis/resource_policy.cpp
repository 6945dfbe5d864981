#include "gateway/kinesis/resource_policy.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/auth/pattern.h"
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
  explicit PolicyReader(std::string_view text) : text_(text), reader_(text) {}

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
    // By the reader that will evaluate it too.
    if (!reader_.ok() || !reader_.at_end() || !nlohmann::json::accept(text_)) return "it is not a JSON object";
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
      if (reader_.peek() == JsonReader::Kind::object)
        read_statement();
      else
        problem_ = "a Statement is not an object";
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
      if (key == "Effect") effect = false;  // of two the last counts, as everywhere
      if (key == "Effect" && reader_.peek() == JsonReader::Kind::string) {
        reader_.read_string(value);
        effect = value == "Allow" || value == "Deny";
      } else {
        reader_.skip();
      }
    }
    if (!reader_.ok()) return;
    if (!effect)
      problem_ = "the Effect of a Statement is neither Allow nor Deny";
    else if (!principal)
      problem_ = "a Statement has no Principal";
    else if (!action)
      problem_ = "a Statement has no Action";
    else if (!resource)
      problem_ = "a Statement has no Resource";
  }

  std::string_view text_;
  JsonReader reader_;
  std::string problem_;
};

using Json = nlohmann::json;

/// Whether a string, or one of a list of strings, passes.
template <class Test>
bool any_text(const Json& value, Test test) {
  if (value.is_string()) return test(value.get_ref<const std::string&>());
  return value.is_array() && std::any_of(value.begin(), value.end(), [&](const Json& item) {
           return item.is_string() && test(item.get_ref<const std::string&>());
         });
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool names_principal(const Json& principal, const PolicyQuestion& question) {
  const std::string account(question.account);
  const auto fits = [&](const std::string& text) {
    return text == "*" || text == account || text == "arn:aws:iam::" + account + ":root" ||
           (!question.key_id.empty() && text == "arn:aws:iam::" + account + ":user/" + std::string(question.key_id));
  };
  if (principal.is_object()) return principal.contains("AWS") && any_text(principal["AWS"], fits);
  return any_text(principal, fits);
}

bool speaks_of(const Json& statement, const PolicyQuestion& question) {
  const std::string action = lower_case(std::string(question.action));
  const auto action_fits = [&](const std::string& text) { return auth::matches_pattern(lower_case(text), action); };
  const auto resource_fits = [&](const std::string& text) {
    return question.any_region ? auth::matches_in_any_region(text, question.resource)
                               : auth::matches_pattern(text, question.resource);
  };
  const auto member = [&](const char* name, const char* opposite, auto fits) {
    return statement.contains(name) ? fits(statement[name]) : statement.contains(opposite);
  };
  return member("Principal", "NotPrincipal", [&](const Json& v) { return names_principal(v, question); }) &&
         member("Action", "NotAction", [&](const Json& v) { return any_text(v, action_fits); }) &&
         member("Resource", "NotResource", [&](const Json& v) { return any_text(v, resource_fits); });
}

bool is_plain(const Json& statement) {
  for (const char* name : {"Condition", "NotPrincipal", "NotAction", "NotResource"})
    if (statement.contains(name)) return false;
  return true;
}
}  // namespace

Verdict evaluate_policy(std::string_view policy, const PolicyQuestion& question) {
  const Json document = Json::parse(policy, nullptr, false);
  if (document.is_discarded()) return Verdict::deny;
  if (!document.is_object() || !document.contains("Statement")) return Verdict::silent;
  const Json& given = document["Statement"];
  Verdict verdict = Verdict::silent;
  for (const Json& statement : given.is_array() ? given : Json::array({given})) {
    if (!statement.is_object() || !speaks_of(statement, question)) continue;
    const auto effect = statement.find("Effect");
    if (effect == statement.end() || *effect != "Allow") return Verdict::deny;
    if (is_plain(statement)) verdict = Verdict::allow;
  }
  return verdict;
}

std::optional<Fault> refuse_policy(std::string_view text) {
  const std::string problem = text.size() > kPolicyBytesMax
                                  ? "it has " + std::to_string(text.size()) + " bytes, at most 20480 are taken"
                                  : PolicyReader(text).problem();
  if (problem.empty()) return std::nullopt;
  return Fault{ErrorType::invalid_argument, "Policy is not a policy of a resource: " + problem + "."};
}

}  // namespace forebay::gateway::kinesis
