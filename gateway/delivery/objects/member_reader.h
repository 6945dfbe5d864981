#pragma once

#include <concepts>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace forebay::gateway::delivery {

/// Members of one JSON object by name, each required; members nobody asks for are passed over. The first mistake is
/// kept, what is read after it stays as it was, and finish() tells it.
/// Owner  the object outlives the reader.
class MemberReader {
 public:
  /// `what` begins every error text.
  MemberReader(const nlohmann::json& object, std::string what);

  [[nodiscard]] bool ok() const { return error_.empty(); }
  /// Errors  corrupt, with the member.
  [[nodiscard]] Result<void> finish() const;

  void text(const char* name, std::string& out);
  /// Exactly as many bytes as `out` has, in lower case.
  void hex(const char* name, std::span<std::uint8_t> out);
  template <std::unsigned_integral T>
  void number(const char* name, T& out) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_number_unsigned() || !std::in_range<T>(value->get<std::uint64_t>()))
      return fail(name, "is no whole number that fits");
    out = static_cast<T>(value->get<std::uint64_t>());
  }
  void number(const char* name, std::int64_t& out);
  /// An array of objects.
  template <class T, class Read>
  void list(const char* name, std::vector<T>& out, Read read) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return;
    if (!value->is_array()) return fail(name, "is no array");
    for (const nlohmann::json& element : *value) {
      MemberReader inner(element, what_ + ": " + name + "[" + std::to_string(out.size()) + "]");
      read(inner, out.emplace_back());
      if (!inner.ok()) error_ = inner.error_;
    }
  }

 private:
  /// Null after a mistake.
  const nlohmann::json* find(const char* name);
  void fail(std::string_view name, std::string_view why);

  const nlohmann::json& object_;
  std::string what_;
  std::string error_;
};

}  // namespace forebay::gateway::delivery
