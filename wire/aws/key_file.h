#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/aws/credentials.h"

namespace forebay::wire::aws {

/// Reads the text of a key file, as the gateway writes its admin key and as agents and the command read theirs:
///     access_key_id = "FBAK..."
///     secret_access_key = "..."
/// and perhaps a session_token; lines as parse_name_values() takes them. `file` is for messages.
/// Errors  invalid_argument: naming file and line or what is missing, never a value.
Result<Credentials> parse_key_file(std::string_view text, std::string_view file);

}  // namespace forebay::wire::aws
