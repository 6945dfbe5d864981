#pragma once

#include <string>
#include <string_view>

namespace kload {

void append_base64(std::string& out, std::string_view in);
/// Decodes up to the first character that is none of base64. `out` has room for as many bytes as `in` has.
/// Result  bytes written.
std::size_t decode_base64(std::string_view in, char* out);

}  // namespace kload
