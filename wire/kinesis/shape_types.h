#pragma once

#include <optional>
#include <type_traits>
#include <vector>

#include "wire/kinesis/shape.h"

/// Questions about member types that the visitors ask.
namespace forebay::wire::kinesis::detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = !std::is_same_v<std::vector<T>, Buffer>;

template <class T>
inline constexpr bool is_message = requires {
  T::kShape;
};

}  // namespace forebay::wire::kinesis::detail
