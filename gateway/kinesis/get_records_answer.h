#pragma once

#include <optional>

#include "gateway/kinesis/encoding.h"
#include "wire/kinesis/get_records_cbor.h"
#include "wire/kinesis/get_records_json.h"

namespace forebay::gateway::kinesis {

/// Writes the answer of GetRecords record by record in either encoding.
class GetRecordsAnswer {
 public:
  /// Appends to `out`, which is borrowed until finish() returns.
  GetRecordsAnswer(Encoding encoding, std::string& out) {
    if (encoding == Encoding::cbor)
      cbor_.emplace(out);
    else
      json_.emplace(out);
  }

  void add(const wire::kinesis::SequenceNumber& number, WallTime arrival, std::string_view partition_key,
           ByteView data, bool encrypted) {
    if (cbor_)
      cbor_->add(number, arrival, partition_key, data, encrypted);
    else
      json_->add(number, arrival, partition_key, data, encrypted);
  }
  [[nodiscard]] std::size_t count() const { return cbor_ ? cbor_->count() : json_->count(); }
  /// `rest.records` is ignored: the records added stand there.
  void finish(const wire::kinesis::GetRecordsResponse& rest) {
    if (cbor_)
      cbor_->finish(rest);
    else
      json_->finish(rest);
  }

 private:
  std::optional<wire::kinesis::GetRecordsJson> json_;
  std::optional<wire::kinesis::GetRecordsCbor> cbor_;
};

}  // namespace forebay::gateway::kinesis
