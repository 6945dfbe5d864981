#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace forebay::wire::s3 {

/// Walks a small XML document as S3 writes them: elements and their text. Attributes are skipped, prefixes of names cut
/// off, comments and processing instructions passed over. There are no entities but the five of XML and character
/// references; a document type is refused, so nothing can expand. One pass, no look-back; the caller bounds the size.
class XmlReader {
 public:
  static constexpr std::size_t kDepthMax = 32;

  enum class Kind : std::uint8_t { open, close, end };
  struct Event {
    Kind kind = Kind::end;
    std::string_view name;  ///< into the document
    std::string text;       ///< close of an element without children: its text, decoded
  };

  explicit XmlReader(std::string_view document) : rest_(document) {}

  /// The next element border; end behind the root element. Errors  corrupt: not well-formed, with what is wrong.
  Result<Event> next();
  /// Elements open now; at a close event the closed one no longer counts.
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  /// Name of the innermost open element; empty outside the root.
  [[nodiscard]] std::string_view parent() const { return open_.empty() ? std::string_view() : open_.back(); }

 private:
  Result<void> take_text();
  Result<void> take_reference();
  Result<bool> skip_markup();
  Result<Event> take_tag();
  Result<Event> close_tag(std::string_view tag);

  std::string_view rest_;
  std::vector<std::string_view> open_;
  std::string text_;
  bool leaf_ = false;  ///< nothing was closed since the last open
  bool root_seen_ = false;
  std::string_view empty_element_;  ///< <a/>: its close comes next
};

/// The text with the five characters of markup escaped, and control characters as references.
std::string xml_escape(std::string_view text);

}  // namespace forebay::wire::s3
