#include "wire/aws/service_error.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace forebay::wire::aws {
namespace {

std::string text_of(const nlohmann::json& document, const char* name) {
  const auto found = document.find(name);
  return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

ServiceError parse_service_error(ByteView body) {
  ServiceError error;
  const auto document = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
  if (!document.is_object()) return error;
  error.type = text_of(document, "__type");
  error.type.erase(std::min(error.type.find(':'), error.type.size()));
  error.type.erase(0, error.type.rfind('#') + 1);
  error.message = text_of(document, "message");
  if (error.message.empty()) error.message = text_of(document, "Message");
  return error;
}

bool is_clock_refusal(std::string_view message) {
  return message.find("Signature expired") != std::string_view::npos ||
         message.find("Signature not yet current") != std::string_view::npos;
}

}  // namespace forebay::wire::aws
