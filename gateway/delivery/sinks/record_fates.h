#pragma once

#include <map>
#include <string>

#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// Which record of a shard: its offset and, when it came out of an aggregate, the place in there.
struct RecordPlace {
  std::int64_t offset = 0;
  std::uint32_t sub_sequence = 0;
  friend auto operator<=>(const RecordPlace&, const RecordPlace&) = default;
};
RecordPlace place_of(const DeliveryRecord& record);

/// Remembers between attempts which records are settled although one before them is not: records of other keys that got
/// through. Bounded by the records of one call.
/// Threads  one.
class RecordFates {
 public:
  /// Forgets what lies before these records; everything, when they begin before those of the last call.
  void begin(std::span<const DeliveryRecord> records);
  [[nodiscard]] bool settled(const DeliveryRecord& record) const { return fates_.contains(place_of(record)); }
  void take(const DeliveryRecord& record) { fates_[place_of(record)] = {}; }
  void fail(const DeliveryRecord& record, std::string code, std::string message);
  /// The longest run of settled records from the front, and what is known of those behind it; `error` is left to the
  /// caller.
  [[nodiscard]] RecordSink::Outcome collect(std::span<const DeliveryRecord> records) const;

 private:
  struct Fate {
    std::string code;  ///< empty: taken
    std::string message;
  };
  std::map<RecordPlace, Fate> fates_;
  RecordPlace first_;
};

}  // namespace forebay::gateway::delivery
