#pragma once

#include <optional>
#include <string>

#include "wire/kinesis/cbor_reader.h"
#include "wire/kinesis/error_type.h"
#include "wire/kinesis/shape.h"
#include "wire/kinesis/type_fault.h"

namespace forebay::wire::kinesis {

/// JsonValueDecoder for CBOR bodies: the same outcomes and sentences, except that blobs are byte strings and a
/// timestamp that is an integer counts milliseconds, with its tag or without.
class CborValueDecoder {
 public:
  /// As JsonValueDecoder's.
  static constexpr std::size_t kElementsKept = 10'001;

  explicit CborValueDecoder(ByteView body) : reader_(body) {}

  bool read(std::string& out);
  bool read(std::int32_t& out);
  bool read(std::int64_t& out);
  bool read(bool& out);
  bool read(Buffer& out);
  bool read(WallTime& out);
  bool read(StringMap& out);
  bool begin_structure();
  bool begin_list();
  CborReader& reader() { return reader_; }

  /// After the outermost value: what was wrong, if anything. A body that is no CBOR goes before wrong types.
  std::optional<Fault> finish();
  /// A whole body that must be a map; an empty one counts as an empty map.
  bool begin_body();

 private:
  bool start(Wanted wanted, CborReader::Kind kind);
  bool start_number(Wanted wanted);
  void wrong_type(Wanted wanted, CborReader::Kind kind);
  void note(std::string text);

  CborReader reader_;
  std::string scratch_;
  std::optional<Fault> fault_;
  bool empty_body_ = false;
  bool not_a_map_ = false;
};

}  // namespace forebay::wire::kinesis
