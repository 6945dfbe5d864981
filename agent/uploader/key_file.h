#pragma once

#include <string>

#include "base/result.h"
#include "wire/aws/credentials.h"

namespace forebay::agent {

/// Reads an access key: lines `access_key_id = "..."` and `secret_access_key = "..."`, optionally `session_token`; `#`
/// begins a comment. The form the gateway writes its admin key in.
/// Errors  not_found; permission: readable by group or others (the remedy is in the text); invalid_argument with line.
Result<wire::aws::Credentials> read_key_file(const std::string& path);

/// The same from text; `name` for errors.
Result<wire::aws::Credentials> parse_key_file(std::string_view text, const std::string& name);

}  // namespace forebay::agent
