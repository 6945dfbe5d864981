#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/kinesis/error_type.h"
#include "wire/kinesis/json_value_reader.h"
#include "wire/kinesis/shape.h"
#include "wire/kinesis/type_fault.h"

namespace forebay::wire::kinesis {

/// Reads values of described types and notes the first wrong type as a SerializationException. Every read consumes one
/// value and returns true when it gave one; false for null and for a wrong type.
class JsonValueDecoder {
 public:
  /// More elements of a list or map than this are checked but not kept; every list's rule is far below it.
  static constexpr std::size_t kElementsKept = 10'001;

  explicit JsonValueDecoder(std::string_view body) : reader_(body) {}

  bool read(std::string& out);
  bool read(std::int32_t& out);
  bool read(std::int64_t& out);
  bool read(bool& out);
  bool read(Buffer& out);
  bool read(WallTime& out);
  bool read(StringMap& out);
  bool begin_structure();
  bool begin_list();
  JsonReader& reader() { return reader_; }

  /// After the outermost value: what was wrong, if anything. A body that is no JSON goes before wrong types.
  std::optional<Fault> finish();
  /// A whole body that must be an object; an empty one counts as {}.
  bool begin_body();

 private:
  bool start(Wanted wanted, JsonReader::Kind kind);
  void wrong_type(Wanted wanted, JsonReader::Kind kind);
  void note(std::string text);

  JsonReader reader_;
  std::string scratch_;
  std::optional<Fault> fault_;
  bool empty_body_ = false;
  bool not_an_object_ = false;
};

}  // namespace forebay::wire::kinesis
