#include "gateway/delivery/sinks/firehose_answer.h"

#include <nlohmann/json.hpp>

namespace forebay::gateway::delivery {
namespace {

bool is_json_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  constexpr std::string_view kJson = "application/json";
  return std::equal(type.begin(), type.end(), kJson.begin(), kJson.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
}

}  // namespace

std::optional<std::string> firehose_answer_fault(const HttpResponse& response, std::string_view request_id) {
  if (!is_json_type(response.header("content-type"))) return "its Content-Type is not application/json";
  if (!response.header("content-encoding").empty()) return "it has a Content-Encoding";
  if (response.header("content-length").empty()) return "it has no Content-Length";
  const auto body = nlohmann::json::parse(response.body.begin(), response.body.end(), nullptr, false);
  if (!body.is_object()) return "its body is no JSON object";
  const auto id = body.find("requestId");
  if (id == body.end() || !id->is_string()) return "it has no requestId";
  if (id->get_ref<const std::string&>() != request_id) return "its requestId is not the one of the request";
  const auto timestamp = body.find("timestamp");
  if (timestamp == body.end() || !timestamp->is_number_integer()) return "it has no timestamp in milliseconds";
  return std::nullopt;
}

}  // namespace forebay::gateway::delivery
