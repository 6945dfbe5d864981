#pragma once

#include <optional>

#include "base/bytes.h"
#include "wire/kinesis/error_type.h"
#include "wire/kinesis/put_view.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"

namespace forebay::wire::kinesis {

/// PutDecoder for CBOR bodies. Nothing is decoded: the data of the usual form of a request stays where it is, and
/// whatever is unusual (chunks, wrong types, rule violations) goes through cbor_decode.h and validate.h, so that the
/// outcome and every error text are the same.
/// Threads  one.
class CborPutDecoder {
 public:
  /// Success  empty; view() is filled and lives until the decoder's next call or the end of `body`. Otherwise
  ///          SerializationException, ValidationException, or InvalidArgumentException for an ExplicitHashKey over
  ///          2^128-1.
  std::optional<Fault> decode_put_record(ByteView body);
  std::optional<Fault> decode_put_records(ByteView body);
  [[nodiscard]] const PutView& view() const { return view_; }
  /// Gives back what an unusual request left; view() is empty afterwards.
  void trim();

 private:
  PutView view_;
  PutRecordRequest record_;
  PutRecordsRequest records_;
};

}  // namespace forebay::wire::kinesis
