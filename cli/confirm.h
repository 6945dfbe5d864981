#pragma once

#include <string>
#include <string_view>

#include "cli/session.h"

namespace forebay::cli {

/// Asks on the terminal for the name of the thing that is to be deleted.
/// `what`  "stream web"; `loss`  what goes with it: " and every record in it".
/// Errors  invalid_argument: the name did not match, or no terminal can be asked (--yes is the way then).
Result<void> confirm_deletion(Session& session, std::string_view what, std::string_view loss, const std::string& name);

}  // namespace forebay::cli
