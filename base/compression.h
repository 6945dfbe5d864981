#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace forebay {

/// Appends one lz4 frame: independent 64 KiB blocks, no checksums but the header's, no content size
/// (the form every Kafka client reads, kafka 3.4). Contexts are reused per thread.
void lz4_frame_compress(ByteView in, Buffer& out);

/// Appends the content of exactly one lz4 frame.
/// Errors  corrupt: not one whole valid frame, or bytes after it; too_large: content exceeds `size_max`.
Result<void> lz4_frame_decompress(ByteView in, std::size_t size_max, Buffer& out);

}  // namespace forebay
