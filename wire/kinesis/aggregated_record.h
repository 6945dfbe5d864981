#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"

/// Several user records in one, as the Kinesis producer library packs them: four magic bytes, a protobuf message
/// AggregatedRecord, and the MD5 of that message.
///
///     AggregatedRecord  1 repeated string partition_key_table   2 repeated string explicit_hash_key_table
///                       3 repeated Record records
///     Record            1 uint64 partition_key_index   2 optional uint64 explicit_hash_key_index   3 bytes data
///                       4 repeated Tag (passed over)
namespace forebay::wire::kinesis {

/// One of the records packed; its place in the list is its sub-sequence number.
struct UserRecord {
  std::string_view partition_key;
  std::optional<std::string_view> explicit_hash_key;  ///< decimal, as the sender wrote it
  ByteView data;
};

/// Explicit hash key, else MD5 of the partition key; empty when the explicit one is no number up to 2^128-1.
/// Readers drop a user record (and those before it) whose hash key is not in the range of the shard it came from.
std::optional<HashKey> hash_key_of(const UserRecord& record);

/// More user records than this in one record are not taken apart.
inline constexpr std::size_t kUserRecordsMax = 200'000;

/// Takes a record's data apart; the user records point into it.
/// Success  the user records, in order. Empty when the data is no aggregate: then it is one plain record, and that is
///          no error, whatever is wrong with it.
std::optional<std::vector<UserRecord>> unpack_aggregated(ByteView data);

/// Packs user records into the data of one record. All should belong to one shard; the outer record takes the key of
/// the first, with an explicit hash key of that shard.
/// Usage  while (more && packer.size_with(record) <= limit) packer.add(record); data = packer.finish();
class AggregatedRecordPacker {
 public:
  /// Copies the record.
  void add(const UserRecord& record);
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Bytes finish() gives now, and after one more record.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t size_with(const UserRecord& record) const;
  /// Shape  at least one record was added. The packer is empty afterwards.
  [[nodiscard]] Buffer finish();

 private:
  /// Strings that occur once in the message, numbered in the order they came.
  struct Table {
    std::unordered_map<std::string, std::uint64_t> numbers;
    Buffer encoded;

    /// The number it has, or would get.
    [[nodiscard]] std::uint64_t number_of(const std::string& text) const;
    std::uint64_t add(const std::string& text, std::uint8_t tag);
    [[nodiscard]] std::size_t growth(const std::string& text) const;
  };

  Table partition_keys_;
  Table explicit_hash_keys_;
  Buffer records_;
  std::size_t count_ = 0;
};

}  // namespace forebay::wire::kinesis
