#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace forebay::agent {

/// Finds one scalar of a JSON object by the names on its way, and writes its text to `out` (strings unescaped, numbers
/// and booleans as they stand). Reads only as far as the field; does not validate the rest, and allocates nothing but
/// `out`.
/// Shape    at most 64 levels deep; the first of repeated names counts.
/// Success  true. False: absent, null, an object or array, or not JSON; `out` is then unspecified.
bool find_json_field(ByteView json, const std::vector<std::string>& names, std::string& out);

}  // namespace forebay::agent
