#include "base/lineage.h"

#include <algorithm>

#include "base/hex.h"

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

std::string to_text(const Lineage& lineage) {
  Buffer raw;
  ByteWriter writer(raw);
  write_lineage(writer, lineage);
  return to_hex(raw);
}

std::optional<Lineage> parse_lineage(std::string_view text) {
  const auto raw = text.size() == kLineageTextSize ? from_hex(text) : std::nullopt;
  if (!raw) return {};
  ByteReader reader(*raw);
  return read_lineage(reader);
}

}  // namespace forebay
