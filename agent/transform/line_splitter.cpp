#include "agent/transform/line_splitter.h"

#include <algorithm>
#include <string>

namespace forebay::agent {

namespace {

std::string mark(std::uint64_t bytes) { return "...[truncated " + std::to_string(bytes) + " bytes]"; }

// Moves a cut back to the start of a UTF-8 character, at most three bytes; other encodings are cut where asked.
std::size_t character_start(ByteView text, std::size_t cut) {
  for (std::size_t back = 0; back <= 3 && back <= cut; ++back)
    if (cut - back == text.size() || (text[cut - back] & 0xC0) != 0x80) return cut - back;
  return cut;
}

}  // namespace

ByteView LineSplitter::record(ByteView head, std::uint64_t length, bool newline_seen) {
  const bool may_fit = length <= options_.line_bytes_max + 1;
  if (options_.strip_cr && newline_seen && may_fit && length > 0 && head.back() == '\r') {
    head = head.first(head.size() - 1);
    --length;
  }
  if (length <= options_.line_bytes_max) return head;
  ++truncated_lines_;
  // The mark is sized for the largest count, so that its own length does not depend on where the cut falls.
  const std::size_t room = options_.line_bytes_max - std::min(options_.line_bytes_max, mark(length).size());
  const std::size_t cut = character_start(head, std::min(room, head.size()));
  const std::string text = mark(length - cut);
  truncated_.assign(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(cut));
  append(truncated_, as_bytes(text));
  return truncated_;
}

void LineSplitter::keep(ByteView bytes) {
  // One byte more than the limit, for the CR that may be dropped.
  const std::size_t room = options_.line_bytes_max + 1 - std::min(options_.line_bytes_max + 1, pending_.size());
  append(pending_, bytes.first(std::min(room, bytes.size())));
  pending_length_ += bytes.size();
}

}  // namespace forebay::agent
