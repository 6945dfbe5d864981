#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Requests made from the service's model (tests/golden/kinesis/model.json).
namespace forebay::gateway::test {

/// A request with one mistake, and what the service says of it.
struct BadRequest {
  std::string title;
  nlohmann::json request;
  std::string text;
};

/// A value that satisfies a description: of a structure the required members only.
nlohmann::json sample_of(const nlohmann::json& description);

/// One request for every constraint of every member that this gateway describes, inner members too.
std::vector<BadRequest> requests_that_break_rules(const nlohmann::json& input);
/// One request for every member and JSON type that it does not take.
std::vector<BadRequest> requests_of_wrong_types(const nlohmann::json& input);

/// True when a message is the text; "*" in the text stands for any characters.
bool fits_text(std::string_view message, std::string_view text);

}  // namespace forebay::gateway::test
