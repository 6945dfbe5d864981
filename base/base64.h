#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace forebay {

/// Standard alphabet with padding.
std::string to_base64(ByteView bytes);
void append_base64(std::string& out, ByteView bytes);
/// Replaces `out`. Strict: padded, no white space, zero trailing bits. False and an unspecified `out` otherwise.
bool from_base64(std::string_view text, Buffer& out);
/// The same behind what `out` already holds; after false the added bytes are unspecified.
bool append_from_base64(std::string_view text, Buffer& out);

}  // namespace forebay
