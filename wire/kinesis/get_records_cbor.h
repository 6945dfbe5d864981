#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/units.h"
#include "wire/kinesis/sequence_number.h"
#include "wire/kinesis/shapes/get_records.h"

namespace forebay::wire::kinesis {

/// GetRecordsJson for CBOR answers: the same bytes encode_cbor() would give.
class GetRecordsCbor {
 public:
  /// Appends to `out`, which is borrowed until finish() returns.
  explicit GetRecordsCbor(std::string& out);

  void add(const SequenceNumber& sequence_number, WallTime arrival, std::string_view partition_key, ByteView data,
           bool encrypted = false);
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Bytes add() takes at most for one record; a byte that is no UTF-8 becomes three.
  static std::size_t size_max(std::string_view partition_key, ByteView data) {
    return 200 + 3 * partition_key.size() + data.size();
  }
  /// `rest.records` is ignored: the records added stand there.
  void finish(const GetRecordsResponse& rest);

 private:
  std::string& out_;
  std::size_t count_ = 0;
};

}  // namespace forebay::wire::kinesis
