#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace forebay {

/// A value whose meaning is its type: `struct OffsetTag; using Offset = StrongType<std::int64_t, OffsetTag>;`
/// Converts only by hand, so an offset is never passed as a position.
template <class Value, class Tag>
class StrongType {
 public:
  using value_type = Value;

  constexpr StrongType() = default;
  constexpr explicit StrongType(Value value) : value_(std::move(value)) {}
  constexpr const Value& value() const { return value_; }

  friend constexpr auto operator<=>(const StrongType&, const StrongType&) = default;
  friend constexpr bool operator==(const StrongType&, const StrongType&) = default;

 private:
  Value value_{};
};

}  // namespace forebay

template <class Value, class Tag>
struct std::hash<forebay::StrongType<Value, Tag>> {
  std::size_t operator()(const forebay::StrongType<Value, Tag>& v) const { return std::hash<Value>()(v.value()); }
};
