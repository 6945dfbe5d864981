#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace forebay::wire::kinesis {

/// arn:aws:kinesis:REGION:ACCOUNT:stream/NAME; views point into the parsed text or into what the caller gave.
struct StreamArn {
  std::string_view region;
  std::string_view account;  ///< 12 digits
  std::string_view name;
  friend bool operator==(const StreamArn&, const StreamArn&) = default;
};

std::string to_string(const StreamArn& arn);
/// Empty unless `text` is the ARN of a stream (any aws partition), with nothing behind the stream's name.
std::optional<StreamArn> parse_stream_arn(std::string_view text);

}  // namespace forebay::wire::kinesis
