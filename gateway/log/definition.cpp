#include "gateway/log/definition.h"

#include <algorithm>

namespace forebay::gateway::log {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint32_t kNoShard = 0xFFFFFFFF;
constexpr std::uint32_t kShardsMax = 1'000'000;

void write_text(ByteWriter& writer, std::string_view text) {
  writer.u16_le(static_cast<std::uint16_t>(text.size()));
  writer.text(text);
}

void write_key(ByteWriter& writer, HashKey key) {
  writer.u64_le(key.high);
  writer.u64_le(key.low);
}

HashKey read_key(ByteReader& reader) {
  HashKey key;
  key.high = reader.u64_le();
  key.low = reader.u64_le();
  return key;
}

std::optional<ShardNumber> read_parent(ByteReader& reader) {
  const std::uint32_t number = reader.u32_le();
  if (number == kNoShard) return {};
  return ShardNumber(number);
}

struct Quotient {
  std::uint64_t quotient = 0;
  std::uint64_t remainder = 0;
};

/// remainder * 2^64 / divisor, bit by bit; both below 2^32.
Quotient divide(std::uint64_t remainder, std::uint64_t divisor) {
  Quotient result{0, remainder};
  for (int bit = 0; bit < 64; ++bit) {
    result.remainder <<= 1;
    result.quotient <<= 1;
    if (result.remainder >= divisor) {
      result.remainder -= divisor;
      result.quotient |= 1;
    }
  }
  return result;
}

HashKey add(HashKey a, HashKey b) {
  const std::uint64_t low = a.low + b.low;
  return {a.high + b.high + (low < a.low ? 1 : 0), low};
}

}  // namespace

std::vector<HashKeyRange> equal_ranges(std::uint32_t count) {
  FB_ASSERT(count > 0);
  std::vector<HashKeyRange> ranges(count);
  HashKey width = HashKey::max();  // of one range, minus one
  if (count > 1) {
    const Quotient high = divide(1, count);               // 2^128 / count, upper 64 bits,
    const Quotient low = divide(high.remainder, count);  // and lower ones
    width = HashKey{high.quotient, low.quotient}.previous();
  }
  HashKey start;
  for (std::uint32_t i = 0; i < count; ++i) {
    ranges[i].start = start;
    ranges[i].end = i + 1 == count ? HashKey::max() : add(start, width);
    start = ranges[i].end.next();
  }
  return ranges;
}

WallTime opened_at(const StreamDefinition& definition, const ShardDefinition& shard) {
  if (!shard.parent) return shard.created;
  const auto parent = std::lower_bound(definition.shards.begin(), definition.shards.end(), *shard.parent,
                                       [](const ShardDefinition& one, ShardNumber wanted) { return one.number < wanted; });
  if (parent == definition.shards.end() || parent->number != *shard.parent || !parent->closed) return shard.created;
  return *parent->closed;
}

void encode(const ShardDefinition& shard, ByteWriter& writer) {
  writer.u32_le(shard.number.value());
  writer.u32_le(shard.parent ? shard.parent->value() : kNoShard);
  writer.u32_le(shard.adjacent_parent ? shard.adjacent_parent->value() : kNoShard);
  write_key(writer, shard.range.start);
  write_key(writer, shard.range.end);
  writer.i64_le(to_millis(shard.created));
  writer.u8(shard.closed ? 1 : 0);
  writer.i64_le(shard.closed ? to_millis(*shard.closed) : 0);
}

ShardDefinition decode_shard(ByteReader& reader) {
  ShardDefinition shard;
  shard.number = ShardNumber(reader.u32_le());
  shard.parent = read_parent(reader);
  shard.adjacent_parent = read_parent(reader);
  shard.range.start = read_key(reader);
  shard.range.end = read_key(reader);
  shard.created = from_millis(reader.i64_le());
  const bool closed = reader.u8() != 0;
  const WallTime closed_at = from_millis(reader.i64_le());
  if (closed) shard.closed = closed_at;
  return shard;
}

void encode(const StreamDefinition& definition, Buffer& out) {
  ByteWriter writer(out);
  writer.u8(kFormat);
  writer.u64_le(definition.id.value());
  write_text(writer, definition.account);
  write_text(writer, definition.name);
  writer.u8(definition.mode);
  writer.i64_le(to_millis(definition.created));
  writer.u32_le(static_cast<std::uint32_t>(definition.retention_hours));
  writer.u64_le(definition.retention_bytes);
  writer.u32_le(definition.record_bytes_max);
  writer.u64_le(definition.map_version);
  writer.u32_le(static_cast<std::uint32_t>(definition.shards.size()));
  for (const ShardDefinition& shard : definition.shards) encode(shard, writer);
}

Result<StreamDefinition> decode_definition(ByteView bytes) {
  ByteReader reader(bytes);
  if (const std::uint8_t format = reader.u8(); format != kFormat)
    return Error{Errc::unsupported, "stream definition of format " + std::to_string(format) + ", this gateway knows 1"};
  StreamDefinition definition;
  definition.id = StreamId(reader.u64_le());
  definition.account = reader.text(reader.u16_le());
  definition.name = reader.text(reader.u16_le());
  definition.mode = reader.u8();
  definition.created = from_millis(reader.i64_le());
  definition.retention_hours = static_cast<std::int32_t>(reader.u32_le());
  definition.retention_bytes = reader.u64_le();
  definition.record_bytes_max = reader.u32_le();
  definition.map_version = reader.u64_le();
  const std::uint32_t shards = reader.u32_le();
  if (shards > kShardsMax) reader.fail();
  for (std::uint32_t i = 0; i < shards && reader.ok(); ++i) definition.shards.push_back(decode_shard(reader));
  if (!reader.ok() || !reader.at_end()) return Error{Errc::corrupt, "stream definition is malformed"};
  return definition;
}

}  // namespace forebay::gateway::log
