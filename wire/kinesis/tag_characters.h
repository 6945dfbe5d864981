#pragma once

#include <string_view>

namespace forebay::wire::kinesis {

/// Whether a key or value of a tag consists of Unicode letters, digits, white space and _ . / = + - % @ (and : as newer
/// clients send it). `text` is UTF-8.
bool has_tag_characters_only(std::string_view text);

}  // namespace forebay::wire::kinesis
