#include "wire/kinesis/aggregated_record.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "base/digest.h"
#include "base/varint.h"
#include "wire/kinesis/protobuf_reader.h"

namespace forebay::wire::kinesis {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic = {0xf3, 0x89, 0x9a, 0xc2};
constexpr std::size_t kFrameBytes = kMagic.size() + sizeof(Md5);

// A field's number and wire type, as the byte before its value.
constexpr std::uint8_t kPartitionKeyTag = 1 << 3 | 2;
constexpr std::uint8_t kExplicitHashKeyTag = 2 << 3 | 2;
constexpr std::uint8_t kRecordTag = 3 << 3 | 2;
constexpr std::uint8_t kPartitionKeyIndexTag = 1 << 3;
constexpr std::uint8_t kExplicitHashKeyIndexTag = 2 << 3;
constexpr std::uint8_t kDataTag = 3 << 3 | 2;

/// The protobuf message inside; empty when this is no aggregate.
std::optional<ByteView> message_of(ByteView data) {
  if (data.size() <= kFrameBytes || !std::equal(kMagic.begin(), kMagic.end(), data.begin())) return std::nullopt;
  const ByteView message = data.subspan(kMagic.size(), data.size() - kFrameBytes);
  const Md5 digest = md5(message);
  if (!std::equal(digest.begin(), digest.end(), data.end() - sizeof(Md5))) return std::nullopt;
  return message;
}

struct Tables {
  std::vector<std::string_view> partition_keys;
  std::vector<std::string_view> explicit_hash_keys;
};

/// The tables may stand behind the records, so they are read first.
std::optional<Tables> read_tables(ByteView message) {
  Tables tables;
  ProtobufReader in(message);
  std::size_t entries = 0;
  while (in.next()) {
    if (in.number() == 1) tables.partition_keys.push_back(as_text(in.bytes()));
    if (in.number() == 2) tables.explicit_hash_keys.push_back(as_text(in.bytes()));
    if (in.number() <= 3 && ++entries > 3 * kUserRecordsMax) return std::nullopt;
  }
  if (!in.ok()) return std::nullopt;
  return tables;
}

std::optional<UserRecord> read_record(ByteView message, const Tables& tables) {
  std::optional<std::uint64_t> partition_key;
  std::optional<std::uint64_t> explicit_hash_key;
  std::optional<ByteView> data;
  ProtobufReader in(message);
  while (in.next()) {
    if (in.number() == 1) partition_key = in.varint();
    if (in.number() == 2) explicit_hash_key = in.varint();
    if (in.number() == 3) data = in.bytes();
  }
  if (!in.ok() || !partition_key || !data || *partition_key >= tables.partition_keys.size()) return std::nullopt;
  UserRecord record{tables.partition_keys[static_cast<std::size_t>(*partition_key)], std::nullopt, *data};
  if (!explicit_hash_key) return record;
  if (*explicit_hash_key >= tables.explicit_hash_keys.size()) return std::nullopt;
  record.explicit_hash_key = tables.explicit_hash_keys[static_cast<std::size_t>(*explicit_hash_key)];
  return record;
}

std::size_t field_size(std::size_t content) { return 1 + uvarint_size(content) + content; }

void write_field(Buffer& out, std::uint8_t tag, ByteView content) {
  out.push_back(tag);
  write_uvarint(out, content.size());
  append(out, content);
}

/// Bytes of a Record message.
std::size_t record_size(std::uint64_t key, std::optional<std::uint64_t> hash_key, std::size_t data) {
  return 1 + uvarint_size(key) + (hash_key ? 1 + uvarint_size(*hash_key) : 0) + field_size(data);
}

}  // namespace

std::optional<HashKey> hash_key_of(const UserRecord& record) {
  if (record.explicit_hash_key) return hash_key_from_decimal(*record.explicit_hash_key);
  return forebay::hash_key_of(record.partition_key);
}

std::optional<std::vector<UserRecord>> unpack_aggregated(ByteView data) {
  const auto message = message_of(data);
  if (!message) return std::nullopt;
  const auto tables = read_tables(*message);
  if (!tables) return std::nullopt;
  std::vector<UserRecord> records;
  ProtobufReader in(*message);
  while (in.next()) {
    if (in.number() != 3) continue;
    const auto record = read_record(in.bytes(), *tables);
    if (!in.ok() || !record || records.size() == kUserRecordsMax) return std::nullopt;
    records.push_back(*record);
  }
  return records;
}

std::uint64_t AggregatedRecordPacker::Table::number_of(const std::string& text) const {
  const auto found = numbers.find(text);
  return found == numbers.end() ? numbers.size() : found->second;
}

std::uint64_t AggregatedRecordPacker::Table::add(const std::string& text, std::uint8_t tag) {
  const auto [place, added] = numbers.try_emplace(text, numbers.size());
  if (added) write_field(encoded, tag, as_bytes(text));
  return place->second;
}

std::size_t AggregatedRecordPacker::Table::growth(const std::string& text) const {
  return numbers.contains(text) ? 0 : field_size(text.size());
}

void AggregatedRecordPacker::add(const UserRecord& record) {
  const std::uint64_t key = partition_keys_.add(std::string(record.partition_key), kPartitionKeyTag);
  std::optional<std::uint64_t> hash_key;
  if (record.explicit_hash_key)
    hash_key = explicit_hash_keys_.add(std::string(*record.explicit_hash_key), kExplicitHashKeyTag);
  records_.push_back(kRecordTag);
  write_uvarint(records_, record_size(key, hash_key, record.data.size()));
  records_.push_back(kPartitionKeyIndexTag);
  write_uvarint(records_, key);
  if (hash_key) {
    records_.push_back(kExplicitHashKeyIndexTag);
    write_uvarint(records_, *hash_key);
  }
  write_field(records_, kDataTag, record.data);
  ++count_;
}

std::size_t AggregatedRecordPacker::size() const {
  return kFrameBytes + partition_keys_.encoded.size() + explicit_hash_keys_.encoded.size() + records_.size();
}

std::size_t AggregatedRecordPacker::size_with(const UserRecord& record) const {
  const std::string key(record.partition_key);
  std::size_t added = partition_keys_.growth(key);
  std::optional<std::uint64_t> hash_key;
  if (record.explicit_hash_key) {
    const std::string text(*record.explicit_hash_key);
    added += explicit_hash_keys_.growth(text);
    hash_key = explicit_hash_keys_.number_of(text);
  }
  return size() + added + field_size(record_size(partition_keys_.number_of(key), hash_key, record.data.size()));
}

Buffer AggregatedRecordPacker::finish() {
  FB_ASSERT(count_ > 0);
  Buffer out;
  out.reserve(size());
  append(out, kMagic);
  append(out, partition_keys_.encoded);
  append(out, explicit_hash_keys_.encoded);
  append(out, records_);
  append(out, md5(ByteView(out).subspan(kMagic.size())));
  *this = AggregatedRecordPacker();
  return out;
}

}  // namespace forebay::wire::kinesis
