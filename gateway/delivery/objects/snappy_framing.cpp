#include "gateway/delivery/objects/snappy_framing.h"

#include <snappy.h>

#include <algorithm>

#include "base/byte_writer.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kJavaBlock = 32 << 10;  // default of SnappyOutputStream
/// What Hadoop puts into one block: its buffer of 256 KiB less the worst growth, so that every reader's buffer holds
/// it.
constexpr std::size_t kHadoopBuffer = 256 << 10;
constexpr std::size_t kHadoopBlock = kHadoopBuffer - (kHadoopBuffer / 6 + 32);

/// Appends the compressed size and the block.
void append_block(Buffer& out, ByteView block) {
  const std::size_t start = out.size();
  out.resize(start + 4 + snappy::MaxCompressedLength(block.size()));
  std::size_t size = 0;
  snappy::RawCompress(reinterpret_cast<const char*>(block.data()), block.size(),
                      reinterpret_cast<char*>(out.data() + start + 4), &size);
  ByteWriter(out).patch_u32_be(start, static_cast<std::uint32_t>(size));
  out.resize(start + 4 + size);
}

}  // namespace

std::string snappy_making() {
  return "snappy " + std::to_string(SNAPPY_MAJOR) + "." + std::to_string(SNAPPY_MINOR) + "." +
         std::to_string(SNAPPY_PATCHLEVEL);
}

Buffer snappy_java_compress(ByteView in) {
  // Magic, version 1, oldest version that can read it 1.
  Buffer out = {0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1};
  for (; !in.empty(); in = in.subspan(std::min(kJavaBlock, in.size())))
    append_block(out, in.first(std::min(kJavaBlock, in.size())));
  return out;
}

Buffer hadoop_snappy_compress(ByteView in) {
  Buffer out;
  for (; !in.empty(); in = in.subspan(std::min(kHadoopBlock, in.size()))) {
    const ByteView block = in.first(std::min(kHadoopBlock, in.size()));
    ByteWriter(out).u32_be(static_cast<std::uint32_t>(block.size()));
    append_block(out, block);
  }
  return out;
}

}  // namespace forebay::gateway::delivery
