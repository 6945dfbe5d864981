#include "base/lineage.h"

#include <algorithm>

namespace forebay {

void write_lineage(ByteWriter& writer, const Lineage& lineage) {
  writer.bytes(lineage.root);
  writer.u64_le(lineage.ordinal);
  writer.u64_le(lineage.nonce);
}

Lineage read_lineage(ByteReader& reader) {
  Lineage lineage;
  const ByteView root = reader.bytes(lineage.root.size());
  std::copy(root.begin(), root.end(), lineage.root.begin());
  lineage.ordinal = reader.u64_le();
  lineage.nonce = reader.u64_le();
  return lineage;
}

}  // namespace forebay
