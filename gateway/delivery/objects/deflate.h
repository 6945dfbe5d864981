#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

/// libdeflate behind one file. The same bytes from the same input: fixed level, no time, no name of the system.
namespace forebay::gateway::delivery {

/// Library and level, for making_of().
std::string deflate_making();

/// One gzip member.
Buffer gzip_compress(ByteView in);

/// A zip archive with one deflated entry, dated 1980-01-01. Shape  `in` and the result are below 4 GiB.
Buffer zip_compress(ByteView in, std::string_view entry_name);

[[nodiscard]] bool is_gzip(ByteView in);

/// The content of all gzip members. Errors  corrupt: not gzip, damaged or bytes behind it; too_large: more than
/// `size_max`.
Result<Buffer> gzip_decompress(ByteView in, std::size_t size_max);

}  // namespace forebay::gateway::delivery
