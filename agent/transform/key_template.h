#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay::agent {

/// What a template may draw on. Empty: the source has no such thing.
struct KeyFacts {
  std::string_view device;
  std::string_view path;
  std::string_view topic;
  ByteView data;
};

/// Rule that picks the partition key: literal text with {device}, {path}, {file} (last part of the path), {topic},
/// {topic[1]} (one level, from 0), {json:field} and {json:field.sub}; "{{" and "}}" stand for braces.
/// A field that a record lacks is replaced by the device and counted.
/// Threads  one at a time.
class KeyTemplate {
 public:
  KeyTemplate() = default;  ///< "{device}"
  /// Errors  invalid_argument, naming the column.
  static Result<KeyTemplate> compile(std::string_view text);

  /// The key for one record, in `out`: valid UTF-8 (other bytes become U+FFFD), 1..256 characters, cut when longer.
  void expand(const KeyFacts& facts, std::string& out);
  /// True when the key depends on the data of each record; otherwise it is the same for a whole file or topic.
  [[nodiscard]] bool needs_data() const { return needs_data_; }
  /// Fields that were missing since compile().
  [[nodiscard]] std::uint64_t missing_count() const { return missing_; }

 private:
  enum class Field : std::uint8_t { literal, device, path, file, topic, topic_level, json };
  struct Part {
    Field field = Field::device;
    std::string text;                 // literal
    std::size_t level = 0;            // topic_level
    std::vector<std::string> names;   // json
  };
  static Result<Part> compile_field(std::string_view name, std::size_t column);
  bool append_part(const Part& part, const KeyFacts& facts, std::string& out);

  std::vector<Part> parts_{Part{}};
  bool needs_data_ = false;
  std::uint64_t missing_ = 0;
  std::string scratch_;
};

}  // namespace forebay::agent
