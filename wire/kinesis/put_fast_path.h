#pragma once

#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "wire/kinesis/put_decoder.h"

namespace forebay::wire::kinesis {

/// The usual form of PutRecord and PutRecords, read with simdjson. It never explains: false means that the general
/// decoder must look at the request, for a fault or because something unusual is in it.
/// Built without simdjson (agent-only builds) it always gives false.
class PutFastPath {
 public:
  /// False when built without simdjson.
  static bool available();

  PutFastPath();
  ~PutFastPath();
  PutFastPath(const PutFastPath&) = delete;
  PutFastPath& operator=(const PutFastPath&) = delete;

  /// `body` is followed by PutDecoder::kPadding readable bytes. Decoded data is appended to `arena`, which has room for
  /// three quarters of the body, so that views into it stay.
  bool read_put_record(std::string_view body, PutView& view, Buffer& arena);
  bool read_put_records(std::string_view body, PutView& view, Buffer& arena);
  void trim();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace forebay::wire::kinesis
