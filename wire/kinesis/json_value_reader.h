#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace forebay::wire::kinesis {

/// Pull reader over one JSON text (RFC 8259, UTF-8 checked, nesting bounded). It keeps no tree, so a hostile body costs
/// no more memory than itself. After the first mistake ok() is false for good and every call returns nothing. Objects:
/// begin_object(), then while (next_key(key)) read or skip the value. Arrays alike with next_element().
class JsonReader {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object, none };
  static constexpr int kDepthMax = 32;

  explicit JsonReader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  /// True when only white space is left.
  bool at_end();
  /// Kind of the next value; none at the end or when no value starts here.
  Kind peek();

  bool read_null();
  bool read_boolean();
  /// The number as written; empty when it is malformed.
  std::string_view read_number();
  /// Unescaped; a lone surrogate becomes U+FFFD.
  void read_string(std::string& out);
  /// Checks and passes over a value of any kind.
  void skip();

  void begin_object();
  bool next_key(std::string& key);
  void begin_array();
  bool next_element();

 private:
  void fail() {
    ok_ = false;
    at_ = end_;
  }
  void skip_blanks();
  bool take(char c);
  bool take_word(std::string_view word);
  void begin(char c);
  bool next(char close);
  bool read_escape(std::string& out);
  bool read_hex4(std::uint32_t& code);

  const char* at_;
  const char* end_;
  int depth_ = 0;
  bool first_ = false;  ///< no element was read yet in the container entered last
  bool ok_ = true;
  std::string scratch_;
};

}  // namespace forebay::wire::kinesis
