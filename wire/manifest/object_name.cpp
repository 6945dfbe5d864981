#include "wire/manifest/object_name.h"

#include <algorithm>

namespace forebay::wire::manifest {
namespace {

constexpr std::string_view kTimeAndUuid = "dddd-dd-dd-dd-dd-dd-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// d: a digit, x: a hexadecimal one, '-': itself.
bool begins_with_mask(std::string_view text, std::string_view mask) {
  if (text.size() < mask.size()) return false;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const bool fits = mask[i] == 'd'   ? is_digit(text[i])
                      : mask[i] == 'x' ? is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f')
                                       : text[i] == mask[i];
    if (!fits) return false;
  }
  return true;
}

/// "-VERSION-TIME-UUID" at the beginning of the text.
bool begins_with_version(std::string_view text) {
  if (text.empty() || text.front() != '-') return false;
  text.remove_prefix(1);
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  return digits > 0 && digits < text.size() && text[digits] == '-' &&
         begins_with_mask(text.substr(digits + 1), kTimeAndUuid);
}

/// Whether what stands before some "-VERSION-TIME-UUID" of the last part passes.
template <class Test>
bool any_start(std::string_view key, Test test) {
  const std::string_view name = key.substr(key.rfind('/') + 1);
  for (std::size_t at = name.find('-'); at != std::string_view::npos; at = name.find('-', at + 1))
    if (at > 0 && begins_with_version(name.substr(at)) && test(name.substr(0, at))) return true;
  return false;
}

}  // namespace

bool is_delivered_name(std::string_view key, std::string_view delivery) {
  return any_start(key, [&](std::string_view start) { return delivery.empty() || start == delivery; });
}

bool may_be_delivered_name(std::string_view key, std::string_view delivery) {
  return any_start(key, [&](std::string_view start) { return start.ends_with(delivery); });
}

}  // namespace forebay::wire::manifest
