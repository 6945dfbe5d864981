#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace forebay {

/// What the caller can do about a failure; the context says what happened.
enum class Errc : std::uint8_t {
  invalid_argument,  ///< the input is wrong: fix it, a retry fails again
  not_found,         ///< the named thing does not exist
  already_exists,    ///< the named thing exists and was to be created
  out_of_range,      ///< the position or offset lies outside what exists
  too_large,         ///< a stated limit is exceeded
  no_space,          ///< the disk, quota or configured size is used up: retry after space was freed
  io,                ///< the operating system failed; after a failed sync the file is never used again
  corrupt,           ///< stored or received bytes fail their check
  unsupported,       ///< a version or feature this program does not know
  permission,        ///< not allowed
  conflict,          ///< the state of the thing forbids it just now
  timed_out,         ///< a deadline passed
  unavailable,       ///< the far end or a queue cannot take it now: retry later
  cancelled,         ///< stopped on purpose
};

/// Stable lower-case name for logs and metrics.
std::string_view to_string(Errc code);

/// A failure: a code for the program and a sentence for people. Context is added once per layer, outermost first.
struct Error {
  Errc code = Errc::io;
  std::string context;

  /// Returns the same failure with "prefix: " before its sentence.
  [[nodiscard]] Error with_context(std::string_view prefix) &&;
  /// "code: context"
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Error&, const Error&) = default;
};

/// Builds an Error from errno: no_space for ENOSPC and EDQUOT, not_found for ENOENT, and so on; otherwise io.
Error errno_error(int error_number, std::string_view what);

}  // namespace forebay
