#include "gateway/delivery/sinks/function_answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace forebay::gateway::delivery {

Result<std::size_t> parse_item_failures(std::string_view answer, std::span<const std::string> sequence_numbers) {
  const std::size_t all = sequence_numbers.size();
  if (answer.find_first_not_of(" \t\r\n") == std::string_view::npos) return all;
  const auto document = nlohmann::json::parse(answer.begin(), answer.end(), nullptr, false);
  if (document.is_discarded()) return Error{Errc::corrupt, "the function's answer is not JSON"};
  if (document.is_null()) return all;
  if (!document.is_object()) return Error{Errc::corrupt, "the function's answer is no JSON object"};
  const auto failures = document.find("batchItemFailures");
  if (failures == document.end() || failures->is_null()) return all;
  if (!failures->is_array()) return Error{Errc::corrupt, "batchItemFailures in the function's answer is no list"};
  std::size_t done = all;
  for (const auto& failure : *failures) {
    const auto id = failure.is_object() ? failure.find("itemIdentifier") : failure.end();
    if (id == failure.end() || !id->is_string() || id->get_ref<const std::string&>().empty())
      return Error{Errc::corrupt, "an entry of batchItemFailures in the function's answer has no itemIdentifier"};
    const auto found = std::find(sequence_numbers.begin(), sequence_numbers.end(), id->get_ref<const std::string&>());
    if (found == sequence_numbers.end())
      return Error{Errc::corrupt, "an itemIdentifier in the function's answer is no sequence number of the batch"};
    done = std::min(done, static_cast<std::size_t>(found - sequence_numbers.begin()));
  }
  return done;
}

}  // namespace forebay::gateway::delivery
