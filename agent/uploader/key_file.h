#pragma once

#include <string>

#include "base/result.h"
#include "wire/aws/credentials.h"

namespace forebay::agent {

/// Reads an access key: a file as wire/aws/key_file.h has it, which nobody else may read.
/// Errors  not_found; permission: readable by group or others (the remedy is in the text); invalid_argument with line.
Result<wire::aws::Credentials> read_key_file(const std::string& path);

}  // namespace forebay::agent
