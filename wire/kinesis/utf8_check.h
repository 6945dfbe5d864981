#pragma once

#include <string_view>

namespace forebay::wire::kinesis {

/// True when the whole text is UTF-8; fast for text that is mostly ASCII.
bool is_utf8(std::string_view text);

}  // namespace forebay::wire::kinesis
