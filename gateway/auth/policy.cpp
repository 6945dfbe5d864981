#include "gateway/auth/policy.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/auth/pattern.h"

namespace forebay::gateway::auth {

namespace {
using Json = nlohmann::json;

constexpr std::size_t kPolicyBytesMax = 20 * 1024;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [text](const std::string& pattern) { return matches_pattern(pattern, text); });
}

bool covers(const std::vector<std::string>& patterns, std::string_view resource, bool any_region) {
  if (!any_region) return any_matches(patterns, resource);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches_in_any_region(pattern, resource); });
}

Error bad(std::string sentence) { return Error{Errc::invalid_argument, "policy: " + std::move(sentence)}; }

/// A string, or a list of strings that is not empty.
Result<std::vector<std::string>> texts_of(const Json& value, const std::string& where) {
  if (value.is_string()) return std::vector<std::string>{value.get<std::string>()};
  std::vector<std::string> texts;
  if (!value.is_array() || value.empty()) return bad(where + " must be a string or a list of strings");
  for (const Json& item : value) {
    if (!item.is_string()) return bad(where + " must hold strings only");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

Result<std::vector<std::string>> actions_of(const Json& value, const std::string& where) {
  FB_TRY(std::vector<std::string> actions, texts_of(value, where));
  for (std::string& action : actions) {
    action = lower_case(action);
    const std::string_view service = std::string_view(action).substr(0, action.find(':'));
    const bool known = action == "*" || service == "kinesis" || service == "firehose" || service == "forebay";
    if (!known || (action != "*" && service.size() + 1 >= action.size()))
      return bad(where + ": \"" + action + "\" must be \"*\" or kinesis:, firehose: or forebay: with an action");
  }
  return actions;
}

Result<std::vector<std::string>> resources_of(const Json& value, const std::string& where) {
  FB_TRY(std::vector<std::string> resources, texts_of(value, where));
  for (const std::string& resource : resources)
    if (resource != "*" && !resource.starts_with("arn:"))
      return bad(where + ": \"" + resource +
                 "\" must be \"*\" or an ARN, for example arn:aws:kinesis:*:*:stream/web-*");
  return resources;
}
}  // namespace

Result<Policy> Policy::parse(std::string_view json) {
  if (json.size() > kPolicyBytesMax) return bad("longer than 20480 bytes");
  const Json document = Json::parse(json, nullptr, false);
  if (!document.is_object()) return bad("not a JSON object");
  for (const auto& [name, value] : document.items()) {
    if (name == "Version" && value != "2012-10-17" && value != "2008-10-17")
      return bad("Version must be \"2012-10-17\"");
    if (name != "Version" && name != "Id" && name != "Statement") return bad("unknown member " + name);
  }
  if (!document.contains("Statement")) return bad("Statement is missing");
  const Json& given = document["Statement"];
  const Json list = given.is_array() ? given : Json::array({given});
  if (list.empty()) return bad("Statement is empty");

  Policy policy;
  policy.text_ = json;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string where = "statement " + std::to_string(i + 1);
    if (!list[i].is_object()) return bad(where + " is not an object");
    Statement statement;
    for (const auto& [name, value] : list[i].items()) {
      if (name == "Effect") {
        if (value != "Allow" && value != "Deny") return bad(where + ": Effect must be \"Allow\" or \"Deny\"");
        statement.allow = value == "Allow";
      } else if (name == "Action") {
        FB_TRY(statement.actions, actions_of(value, where + ", Action"));
      } else if (name == "Resource") {
        FB_TRY(statement.resources, resources_of(value, where + ", Resource"));
      } else if (name != "Sid") {
        return bad(where + ": " + name + " is not supported; a statement has Sid, Effect, Action and Resource");
      }
    }
    if (!list[i].contains("Effect")) return bad(where + ": Effect is missing");
    if (statement.actions.empty()) return bad(where + ": Action is missing");
    if (statement.resources.empty()) return bad(where + ": Resource is missing");
    policy.statements_.push_back(std::move(statement));
  }
  return policy;
}

bool Policy::allows(std::string_view action, std::string_view resource, bool any_region) const {
  const std::string wanted = lower_case(action);
  bool allowed = false;
  for (const Statement& statement : statements_) {
    if (!any_matches(statement.actions, wanted) || !covers(statement.resources, resource, any_region)) continue;
    if (!statement.allow) return false;
    allowed = true;
  }
  return allowed;
}

bool Policy::may_allow(std::string_view action) const {
  const std::string wanted = lower_case(action);
  return std::any_of(statements_.begin(), statements_.end(), [&](const Statement& statement) {
    return statement.allow && any_matches(statement.actions, wanted);
  });
}

}  // namespace forebay::gateway::auth
