#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash_key.h"

namespace forebay::wire::kinesis {

/// A decoded and validated PutRecord (one entry) or PutRecords request. Its decoder says how long the views live.
struct PutView {
  struct Entry {
    std::string_view partition_key;  ///< 1..256 characters
    ByteView data;                   ///< decoded
    std::optional<HashKey> explicit_hash_key;
  };
  std::optional<std::string_view> stream_name;
  std::optional<std::string_view> stream_arn;
  std::optional<std::string_view> sequence_number_for_ordering;  ///< PutRecord only
  bool dry_run = false;
  std::vector<Entry> entries;

  /// Keeps the memory of `entries`.
  void clear();
};

}  // namespace forebay::wire::kinesis
