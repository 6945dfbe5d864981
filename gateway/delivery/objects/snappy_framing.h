#pragma once

#include <string>

#include "base/bytes.h"

/// snappy behind one file: the two containers Java programs write.
namespace forebay::gateway::delivery {

/// Library, for making_of().
std::string snappy_making();

/// The stream of snappy-java (org.xerial.snappy.SnappyOutputStream): a header, then blocks of up to 32 KiB, each with
/// its compressed size.
Buffer snappy_java_compress(ByteView in);

/// Hadoop's block framing: blocks with their size, and in each one piece with its compressed size; all big-endian.
Buffer hadoop_snappy_compress(ByteView in);

}  // namespace forebay::gateway::delivery
