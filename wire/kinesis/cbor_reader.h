#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace forebay::wire::kinesis {

/// Pull reader over one CBOR item (RFC 8949; definite and indefinite lengths, nesting bounded). It keeps no tree, and a
/// length is checked against what is left before anything is reserved for it. After the first mistake ok() is false for
/// good and every call returns nothing. Maps: begin_map(), then while (next_key(key)) read or skip the value. Arrays
/// alike with next_element(). Tags are passed over; undefined is null; simple values without a meaning are a mistake.
class CborReader {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, floating, text, bytes, array, map, none };
  static constexpr std::size_t kDepthMax = 32;

  explicit CborReader(ByteView body) : at_(body.data()), end_(body.data() + body.size()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  /// Kind of the next value, behind its tags; none at the end or when no value starts here.
  Kind peek();

  bool read_boolean();
  /// Clamped to 64 bits with sign.
  std::int64_t read_integer();
  double read_floating();
  /// UTF-8 is checked; chunks are joined.
  void read_text(std::string& out);
  void read_bytes(Buffer& out);
  /// The same without a copy, pointing into the body; a text or byte string in chunks is a mistake here.
  std::string_view text_view();
  ByteView bytes_view();
  /// Passes over a value of any kind.
  void skip();

  void begin_map();
  bool next_key(std::string& key);
  /// next_key() without a copy and without the check for UTF-8, to be compared with names; a key in chunks is a mistake
  /// here.
  bool next_key_view(std::string_view& key);
  void begin_array();
  bool next_element();

 private:
  struct Head {
    std::uint8_t major = 0;
    std::uint8_t info = 0;
    std::uint64_t value = 0;
    bool indefinite = false;
  };
  static constexpr std::uint64_t kIndefinite = ~std::uint64_t{0};

  void fail() {
    ok_ = false;
    at_ = end_;
  }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool read_head(Head& head);
  bool start(std::uint8_t major, Head& head);
  bool take_break();
  ByteView take(std::uint64_t size);
  template <class Take>
  void for_each_chunk(std::uint8_t major, Take take_chunk);
  ByteView view_of(std::uint8_t major);
  void begin(std::uint8_t major, std::uint64_t element_bytes_min);
  bool next();

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::array<std::uint64_t, kDepthMax> remaining_{};  ///< elements or pairs of each open container
  std::size_t depth_ = 0;
  bool ok_ = true;
};

}  // namespace forebay::wire::kinesis
