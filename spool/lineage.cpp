#include "spool/lineage.h"

#include <algorithm>

namespace forebay::spool {

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

Lineage next_lineage(const std::array<std::uint8_t, 16>& root, std::uint64_t last_ordinal, Entropy& entropy) {
  return Lineage{root, last_ordinal + 1, entropy.next_u64()};
}

static void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 15];
}

std::string to_string(const Lineage& lineage) {
  std::string text;
  for (const std::uint8_t byte : lineage.root) append_hex(text, byte, 2);
  text += '-' + std::to_string(lineage.ordinal) + '-';
  append_hex(text, lineage.nonce, 16);
  return text;
}

}  // namespace forebay::spool
