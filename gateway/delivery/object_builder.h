#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// One object of a cut, ready to be put.
struct FinishedObject {
  std::string key;
  Buffer body;
  std::string content_type = "application/octet-stream";
  std::string content_encoding;
  Sha256 sha256{};
  std::uint64_t records = 0;
  std::uint64_t bytes_before = 0;  ///< payload before compression and conversion
  std::string partition;           ///< evaluated prefix of a dynamic partition; empty otherwise
  std::string error_type;          ///< processing-failed, ...; empty: data
};

/// Collects the records of one lane between two cuts and makes objects of them. A function of its input: the same
/// definition, records and cut give the same keys and bytes, whenever and wherever.
/// Threads  one.
class ObjectBuilder {
 public:
  virtual ~ObjectBuilder() = default;
  /// Takes a stored record through the processing. A record that cannot be processed becomes a line of an error object.
  virtual void add(const DeliveryRecord& record) = 0;
  [[nodiscard]] virtual bool empty() const = 0;
  /// Memory held: what a budget counts.
  [[nodiscard]] virtual std::size_t bytes() const = 0;
  /// Payload of the largest object under way: what Buffering::size_mib is compared with.
  [[nodiscard]] virtual std::uint64_t largest_bytes() const = 0;
  /// Dynamic partitions that hold records; 0 without dynamic partitioning.
  [[nodiscard]] virtual std::size_t open_partitions() const = 0;
  /// Fixes names. Then next() gives object after object, and the builder is empty and ready again after the last.
  virtual void seal(const Cut& cut) = 0;
  /// Errors  unsupported: a library is missing (Parquet), named with its package; no object was made.
  virtual Result<std::optional<FinishedObject>> next() = 0;
};

/// Errors  invalid_argument: prefix, time zone or query, named with the place in it; unsupported: a missing package.
Result<std::unique_ptr<ObjectBuilder>> make_object_builder(const Processing& processing, const ObjectDestination& objects);

}  // namespace forebay::gateway::delivery
