#pragma once

#include <cstring>

#include "base/bytes.h"
#include "base/units.h"

namespace forebay::agent {

struct LineOptions {
  std::size_t line_bytes_max = 256_KiB;  ///< longest record, the truncation mark included; at least kLineBytesMinimum
  bool strip_cr = false;                 ///< lines end in CR LF: drop the CR too
};
inline constexpr std::size_t kLineBytesMinimum = 64;  ///< room for the mark and some of the line

/// Cuts bytes into lines without their newline. A line over the limit becomes one record that ends in
/// "...[truncated N bytes]", where N counts the bytes of the line that are not in the record; the cut never splits a
/// UTF-8 character.
/// Owner    views passed to sinks are valid during the call only.
/// Threads  one at a time.
class LineSplitter {
 public:
  explicit LineSplitter(const LineOptions& options) : options_(options) {}

  /// Gives every complete line of `block` to sink(ByteView) and keeps nothing.
  /// Units  the result is the bytes of the complete lines, newlines included.
  template <class Sink>
  std::size_t split(ByteView block, Sink&& sink) {
    const auto* begin = block.data();
    const auto* end = begin + block.size();
    const auto* line = begin;
    while (line != end) {
      const auto* newline =
          static_cast<const std::uint8_t*>(std::memchr(line, '\n', static_cast<std::size_t>(end - line)));
      if (newline == nullptr) break;
      const auto length = static_cast<std::size_t>(newline - line);
      sink(record(ByteView(line, length), length, true));
      line = newline + 1;
    }
    return static_cast<std::size_t>(line - begin);
  }

  /// The same for input that cannot be read twice: keeps the unfinished line, at most line_bytes_max of it.
  template <class Sink>
  void feed(ByteView bytes, Sink&& sink) {
    if (pending_length_ > 0) {
      const auto* newline = static_cast<const std::uint8_t*>(std::memchr(bytes.data(), '\n', bytes.size()));
      if (newline == nullptr) return keep(bytes);
      const auto length = static_cast<std::size_t>(newline - bytes.data());
      keep(bytes.first(length));
      finish(sink, true);
      bytes = bytes.subspan(length + 1);
    }
    keep(bytes.subspan(split(bytes, sink)));
  }

  /// Gives the unfinished line, if any: the input has ended.
  template <class Sink>
  void finish(Sink&& sink, bool newline_seen = false) {
    if (pending_length_ > 0) sink(record(pending_, pending_length_, newline_seen));
    pending_.clear();
    pending_length_ = 0;
  }
  /// Lines that were cut.
  [[nodiscard]] std::uint64_t truncated_lines() const { return truncated_lines_; }
  [[nodiscard]] bool has_unfinished() const { return pending_length_ > 0; }

  /// The record of a line of `length` bytes that begins with `head` (all of it, or at least line_bytes_max bytes).
  ByteView record(ByteView head, std::uint64_t length, bool newline_seen);

 private:
  void keep(ByteView bytes);

  LineOptions options_;
  Buffer pending_;                     // first bytes of the unfinished line
  std::uint64_t pending_length_ = 0;   // all bytes of it
  Buffer truncated_;
  std::uint64_t truncated_lines_ = 0;
};

}  // namespace forebay::agent
