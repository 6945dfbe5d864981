#pragma once

#include "base/config.h"
#include "base/result.h"
#include "base/toml_reader.h"

namespace forebay {

/// Checks a value against its row. The origin is left to the caller.
/// Errors  invalid_argument: "is 5, but must be size, at least 1 MiB; write for example ...".
Result<ConfigValue> check_text(const Option& option, std::string_view text);
/// The same for a value written in TOML, whose kind must fit the row's type.
Result<ConfigValue> check_toml(const Option& option, const TomlValue& value);

}  // namespace forebay
