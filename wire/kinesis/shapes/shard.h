#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct HashKeyRangeShape {
  static constexpr std::string_view kShape = "HashKeyRange";
  std::string starting_hash_key;
  std::string ending_hash_key;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "StartingHashKey", .required = true, .pattern = &patterns::kHashKey}, self.starting_hash_key);
    visit(Rule{.name = "EndingHashKey", .required = true, .pattern = &patterns::kHashKey}, self.ending_hash_key);
  }
  friend bool operator==(const HashKeyRangeShape&, const HashKeyRangeShape&) = default;
};

struct SequenceNumberRange {
  static constexpr std::string_view kShape = "SequenceNumberRange";
  std::string starting_sequence_number;
  std::optional<std::string> ending_sequence_number;  ///< absent while the shard is open

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kSequenceNumber.named("StartingSequenceNumber").as_required(), self.starting_sequence_number);
    visit(rules::kSequenceNumber.named("EndingSequenceNumber"), self.ending_sequence_number);
  }
  friend bool operator==(const SequenceNumberRange&, const SequenceNumberRange&) = default;
};

struct Shard {
  static constexpr std::string_view kShape = "Shard";
  std::string shard_id;
  std::optional<std::string> parent_shard_id;
  std::optional<std::string> adjacent_parent_shard_id;
  HashKeyRangeShape hash_key_range;
  SequenceNumberRange sequence_number_range;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kShardId.as_required(), self.shard_id);
    visit(rules::kShardId.named("ParentShardId"), self.parent_shard_id);
    visit(rules::kShardId.named("AdjacentParentShardId"), self.adjacent_parent_shard_id);
    visit(Rule{.name = "HashKeyRange", .required = true}, self.hash_key_range);
    visit(Rule{.name = "SequenceNumberRange", .required = true}, self.sequence_number_range);
  }
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// One of the shards that continue a closed one.
struct ChildShard {
  static constexpr std::string_view kShape = "ChildShard";
  std::string shard_id;
  std::vector<std::string> parent_shards;
  HashKeyRangeShape hash_key_range;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kShardId.as_required(), self.shard_id);
    visit(Rule{.name = "ParentShards", .required = true}, self.parent_shards);
    visit(Rule{.name = "HashKeyRange", .required = true}, self.hash_key_range);
  }
  friend bool operator==(const ChildShard&, const ChildShard&) = default;
};

}  // namespace forebay::wire::kinesis
