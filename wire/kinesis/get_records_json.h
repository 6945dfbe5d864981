#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/units.h"
#include "wire/kinesis/sequence_number.h"
#include "wire/kinesis/shapes/get_records.h"
#include "wire/kinesis/shapes/subscribe_to_shard.h"

namespace forebay::wire::kinesis {

/// Writes a GetRecords answer record by record into one string, the same bytes encode_json() would give.
/// Usage  GetRecordsJson answer(out); answer.add(...)*; answer.finish(...).
class GetRecordsJson {
 public:
  /// Appends to `out`, which is borrowed until finish() returns.
  explicit GetRecordsJson(std::string& out);

  /// `encrypted`: at rest; the data here is not.
  void add(const SequenceNumber& sequence_number, WallTime arrival, std::string_view partition_key, ByteView data,
           bool encrypted = false);
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Bytes add() takes at most for one record: to stop before an answer grows too large.
  static std::size_t size_max(std::string_view partition_key, ByteView data) {
    return 200 + 6 * partition_key.size() + (data.size() + 2) / 3 * 4;
  }
  /// `rest.records` is ignored: the records added stand there.
  void finish(const GetRecordsResponse& rest);
  /// The same for the payload of a SubscribeToShardEvent.
  void finish(const SubscribeToShardEvent& rest);

 private:
  template <class Answer>
  void finish_with(const Answer& rest);

  std::string& out_;
  std::size_t count_ = 0;
};

}  // namespace forebay::wire::kinesis
