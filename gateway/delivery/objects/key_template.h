#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/objects/object_identity.h"
#include "gateway/delivery/objects/time_pattern.h"

namespace forebay::gateway::delivery {

/// A prefix with expressions:
///
///     !{timestamp:PATTERN}          arrival of the oldest record of the object, see time_pattern.h
///     !{firehose:random-string}     eleven characters, other ones for each occurrence
///     !{firehose:error-output-type} why records could not be processed
///     !{partitionKeyFromQuery:ID}   value of a partition query
///     !{shard}                      shardId-000000000000
class KeyTemplate {
 public:
  enum class Kind : std::uint8_t { literal, timestamp, random_string, error_type, partition_key, shard };

  /// What the expressions stand for.
  struct Values {
    std::int64_t local_seconds = 0;
    const ObjectIdentity* identity = nullptr;
    std::string_view shard;
    std::string_view error_type;
    std::span<const std::string> partition_keys;  ///< in the order of the ids
  };

  /// `ids`: of the partition query. Errors  invalid_argument: an expression that is none of these, with its place.
  static Result<KeyTemplate> parse(std::string_view text, std::span<const std::string> ids);

  [[nodiscard]] bool has(Kind kind) const;
  [[nodiscard]] bool has_expressions() const;
  void add_literal(std::string_view text);
  void add_error_type();
  void add_timestamp(TimePattern pattern);

  [[nodiscard]] std::string evaluate(const Values& values) const;
  /// With only the partition keys filled in: what tells one partition from another.
  [[nodiscard]] std::string partition_of(std::span<const std::string> partition_keys) const;

 private:
  struct Piece {
    Kind kind = Kind::literal;
    std::string text;  ///< of a literal; as written, of an expression
    TimePattern pattern;
    std::size_t partition_key = 0;
  };

  static Result<Piece> parse_expression(std::string_view expression, std::span<const std::string> ids);
  static Result<Piece> parse_partition_key(std::string_view id, std::span<const std::string> ids);

  std::vector<Piece> pieces_;
};

}  // namespace forebay::gateway::delivery
