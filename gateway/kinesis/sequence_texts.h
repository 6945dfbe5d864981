#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "gateway/kinesis/sequence.h"

namespace forebay::gateway::kinesis {

/// Writes shard ids and sequence numbers of many records of few shards. Two records one apart in the same shard and the
/// same second have numbers 2^80 apart, which is one addition instead of a conversion of 188 bits.
/// Threads  one.
class SequenceTexts {
 public:
  /// Both views hold until the next call.
  struct Texts {
    std::string_view sequence_number;
    std::string_view shard_id;
  };
  Texts of(const stream::PutOutcome& outcome);

 private:
  /// The last record written of one shard; `limbs` is its number in base 10^19, lowest first.
  struct Slot {
    std::int64_t shard = -1;
    std::int64_t created_s = 0;
    std::int64_t arrival_s = 0;
    std::int64_t offset = 0;
    std::array<std::uint64_t, 3> limbs{};
    std::string number;
    std::string shard_id;
  };
  static constexpr std::size_t kSlotsMin = 16;
  static constexpr std::size_t kSlotsMax = 1024;

  Slot& slot_of(std::uint32_t shard);
  static void convert(Slot& slot, const stream::PutOutcome& outcome);
  static void step(Slot& slot);

  std::vector<Slot> slots_ = std::vector<Slot>(kSlotsMin);  ///< a power of two; grows with the shard numbers seen
};

}  // namespace forebay::gateway::kinesis
