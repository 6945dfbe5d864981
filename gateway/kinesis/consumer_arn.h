#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forebay::gateway::kinesis {

/// arn:aws:kinesis:REGION:ACCOUNT:stream/STREAM/consumer/NAME:CREATED; views point into the parsed text or into what
/// the caller gave. The creation time makes a consumer registered again another one.
struct ConsumerArn {
  std::string_view region;
  std::string_view account;  ///< 12 digits
  std::string_view stream;
  std::string_view name;
  std::int64_t created_s = 0;  ///< seconds since 1970
  friend bool operator==(const ConsumerArn&, const ConsumerArn&) = default;
};

std::string to_string(const ConsumerArn& arn);
/// Empty unless `text` is the ARN of a consumer (any aws partition).
std::optional<ConsumerArn> parse_consumer_arn(std::string_view text);

}  // namespace forebay::gateway::kinesis
