#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay::cli {

/// Opens a delivered object by the ending of its key: .gz is gzip, .zst is zstd; what else it is stays as it is.
/// Errors  corrupt: not one whole stream of that kind; too_large: more than `size_max` bytes; unsupported: .zip and
///         .snappy, and every kind in a build without these libraries.
Result<Buffer> decompress_object(const std::string& key, Buffer bytes, std::uint64_t size_max);

}  // namespace forebay::cli
