#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/units.h"

namespace forebay::gateway::delivery {

/// A record in an error object: one line of JSON as Firehose writes it.
struct ErrorLine {
  std::uint32_t attempts = 1;
  WallTime arrival;
  WallTime attempt_ended;
  std::string_view code;
  std::string_view message;
  ByteView data;
  /// Format conversion has names of its own for code and message, and tells where the record was.
  bool conversion = false;
  std::string sequence_number;  ///< decimal; of conversion only
  std::uint32_t sub_sequence = 0;
  bool aggregated = false;
};

/// Appends the line with its newline.
void append_error_line(Buffer& out, const ErrorLine& line);

}  // namespace forebay::gateway::delivery
