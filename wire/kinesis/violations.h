#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/kinesis/error_type.h"
#include "wire/kinesis/shape.h"

namespace forebay::wire::kinesis {

/// Collects the violated constraints of one request, at most ten, in the service's words.
class Violations {
 public:
  static constexpr std::size_t kMax = 10;

  void missing(std::string_view path);
  void check(const Rule& rule, std::string_view path, const std::string& value);
  void check(const Rule& rule, std::string_view path, std::int64_t value);
  void check(const Rule& rule, std::string_view path, const Buffer& value);
  void check(const Rule& rule, std::string_view path, const StringMap& value);
  /// `text` is called only when the list breaks its rule.
  template <class Text>
  void check_list(const Rule& rule, std::string_view path, std::size_t size, Text text) {
    const auto count = static_cast<std::int64_t>(size);
    if (count < rule.min || count > rule.max) check_length(rule, path, count, text());
  }

  /// Elements of a list that hold no structures.
  void check_elements(const Rule& rule, std::string_view path, const std::vector<std::string>& list);

  std::optional<Fault> finish() const;

 private:
  void add(std::string_view value, std::string_view path, std::string constraint);
  void check_length(const Rule& rule, std::string_view path, std::int64_t length, std::string_view value);

  std::vector<std::string> items_;
};

/// "StreamName" -> "streamName"
std::string lower_camel(std::string_view member_name);

}  // namespace forebay::wire::kinesis
