#include "gateway/delivery/sinks/url_query.h"

#include <algorithm>
#include <charconv>

#include "wire/aws/uri.h"

namespace forebay::gateway::delivery {

UrlQuery::UrlQuery(std::string_view query) : items_(wire::aws::parse_query(query)) {}

std::optional<std::string> UrlQuery::take(std::string_view name) {
  const auto named = [&](const auto& item) { return item.first == name; };
  const auto found = std::find_if(items_.begin(), items_.end(), named);
  if (found == items_.end()) return std::nullopt;
  std::string value = std::move(found->second);
  items_.erase(found);
  if (std::any_of(items_.begin(), items_.end(), named)) fail("parameter " + std::string(name) + " is given twice");
  return value;
}

std::string UrlQuery::text(std::string_view name, std::string otherwise) {
  return take(name).value_or(std::move(otherwise));
}

std::vector<std::string> UrlQuery::list(std::string_view name) {
  std::vector<std::string> values;
  std::erase_if(items_, [&](auto& item) {
    if (item.first != name) return false;
    values.push_back(std::move(item.second));
    return true;
  });
  return values;
}

bool UrlQuery::flag(std::string_view name, bool otherwise) {
  const auto value = take(name);
  if (!value) return otherwise;
  if (*value != "true" && *value != "false") fail("parameter " + std::string(name) + " must be true or false");
  return *value == "true";
}

std::int64_t UrlQuery::number(std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max,
                              std::optional<std::int64_t> or_else) {
  const auto value = take(name);
  if (!value) return otherwise;
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(value->data(), value->data() + value->size(), number);
  const bool whole = code == std::errc() && end == value->data() + value->size();
  if (whole && ((number >= min && number <= max) || number == or_else)) return number;
  std::string range = std::to_string(min) + " to " + std::to_string(max);
  if (or_else) range = std::to_string(*or_else) + " or " + range;
  fail("parameter " + std::string(name) + " must be a number: " + range);
  return otherwise;
}

std::string UrlQuery::word(std::string_view name, const std::vector<std::string_view>& words) {
  const auto value = take(name);
  if (!value) return std::string(words.front());
  if (std::find(words.begin(), words.end(), *value) != words.end()) return *value;
  std::string all;
  for (const std::string_view word : words) all.append(all.empty() ? "" : " or ").append(word);
  fail("parameter " + std::string(name) + " must be " + all);
  return std::string(words.front());
}

void UrlQuery::fail(std::string sentence) {
  if (problem_.empty()) problem_ = std::move(sentence);
}

std::string UrlQuery::rest() const {
  std::string query;
  for (const auto& [name, value] : items_) {
    if (!query.empty()) query += '&';
    query.append(wire::aws::uri_encode(name)).append("=").append(wire::aws::uri_encode(value));
  }
  return query;
}

Result<void> UrlQuery::check() const {
  if (!problem_.empty()) return Error{Errc::invalid_argument, problem_};
  return {};
}

Result<void> UrlQuery::check_all_taken() const {
  FB_CHECK(check());
  if (!items_.empty()) return Error{Errc::invalid_argument, "parameter " + items_.front().first + " is unknown"};
  return {};
}

}  // namespace forebay::gateway::delivery
