#pragma once

#include <string>
#include <string_view>

#include "gateway/kinesis/encoding.h"

namespace forebay::gateway::kinesis {

/// Writes the answer of PutRecords entry by entry into one string, the same bytes the description would give.
/// Usage  PutRecordsAnswer answer(encoding, failed, out); (answer.stored() | answer.refused())*; answer.finish().
class PutRecordsAnswer {
 public:
  static constexpr std::size_t kEntryBytes = 130;  ///< of a stored record, about

  /// Appends to `out`, which is borrowed. `failed`: how many entries will be refused.
  PutRecordsAnswer(Encoding encoding, std::size_t failed, std::string& out);

  void stored(std::string_view sequence_number, std::string_view shard_id);
  void refused(std::string_view error_code, std::string_view error_message);
  /// `encryption_type` stands in the answer unless it is empty.
  void finish(std::string_view encryption_type = {});

 private:
  const bool cbor_;
  bool first_ = true;
  std::string& out_;
};

}  // namespace forebay::gateway::kinesis
