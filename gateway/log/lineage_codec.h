#pragma once

#include <algorithm>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/lineage.h"

namespace forebay::gateway::log {

/// 32 bytes: root, ordinal, nonce (docs/formats/segment.md section 1).
inline void write_lineage(ByteWriter& writer, const Lineage& lineage) {
  writer.bytes(lineage.root);
  writer.u64_le(lineage.ordinal);
  writer.u64_le(lineage.nonce);
}

inline Lineage read_lineage(ByteReader& reader) {
  Lineage lineage;
  const ByteView root = reader.bytes(lineage.root.size());
  std::copy(root.begin(), root.end(), lineage.root.begin());
  lineage.ordinal = reader.u64_le();
  lineage.nonce = reader.u64_le();
  return lineage;
}

}  // namespace forebay::gateway::log
