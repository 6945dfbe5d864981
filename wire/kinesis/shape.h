#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"

/// Vocabulary in which every message is described once (shapes/*.h). A message is a struct with
///
///     static constexpr std::string_view kShape = "PutRecordRequest";        // the service's name of the structure
///     template <class Self, class Visitor>
///     static void describe(Self& self, Visitor&& visit) {
///       visit(Rule{.name = "Data", .required = true, .max = kDataBytesMax}, self.data);
///     }
///
/// and decoding (json_decode.h), constraint checks (validate.h) and encoding (json_encode.h) all follow describe().
/// Member types: std::string, std::int32_t (Integer), std::int64_t (Long), bool, Buffer (Blob), WallTime (Timestamp),
/// StringMap, another message, std::vector of these, and std::optional of any. Requests use optional for every member,
/// so that "absent" can be told apart and reported; answers use plain members for what is always there.
namespace forebay::wire::kinesis {

/// X-Amz-Target is this and the operation's name.
inline constexpr std::string_view kTargetPrefix = "Kinesis_20131202.";
inline constexpr std::string_view kJsonContentType = "application/x-amz-json-1.1";
inline constexpr std::string_view kCborContentType = "application/x-amz-cbor-1.1";

using StringMap = std::map<std::string, std::string>;

/// A regular expression of the service model: its text, as error messages quote it, and a function that matches whole
/// strings against it without a regex engine.
struct Pattern {
  std::string_view text;
  bool (*matches)(std::string_view);
};

struct LengthRange {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// What the service model says about one member. `min` and `max` are values for numbers, Unicode characters for
/// strings, bytes for blobs, elements for lists and maps.
struct Rule {
  std::string_view name;
  bool required = false;
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  const Pattern* pattern = nullptr;
  std::span<const std::string_view> values{};  ///< of an enum, in the order error messages print them
  LengthRange map_key{};
  LengthRange map_value{};
  LengthRange element{};  ///< characters of each string in a list; `values` of a list are those of its elements

  [[nodiscard]] constexpr Rule as_required() const {
    Rule rule = *this;
    rule.required = true;
    return rule;
  }
  [[nodiscard]] constexpr Rule named(std::string_view other) const {
    Rule rule = *this;
    rule.name = other;
    return rule;
  }
};

}  // namespace forebay::wire::kinesis
