#pragma once

#include <string_view>

namespace forebay::gateway::http {

/// A request target that begins with '/' and holds no blanks, control characters or '#'.
bool valid_target(std::string_view target);
/// What may stand in Host and `:authority`: at most 255 characters of names, addresses and ports.
bool valid_host(std::string_view host);
/// Digits only, at least one.
bool is_number(std::string_view text);

}  // namespace forebay::gateway::http
