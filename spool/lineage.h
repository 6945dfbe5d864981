#pragma once

#include <string>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/entropy.h"
#include "base/lineage.h"

namespace forebay::spool {

void write_lineage(ByteWriter& writer, const Lineage& lineage);
Lineage read_lineage(ByteReader& reader);
/// A new identity for the next run of the same root.
Lineage next_lineage(const std::array<std::uint8_t, 16>& root, std::uint64_t last_ordinal, Entropy& entropy);
/// "0011aabbccddeeff....-12-0123456789abcdef": root, ordinal, nonce.
std::string to_string(const Lineage& lineage);

}  // namespace forebay::spool
