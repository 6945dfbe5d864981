#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/error.h"

namespace forebay {

/// A value or the Error that prevented it. Dropping one is a compiler warning; reading the wrong side is a bug of ours
/// and asserts.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  template <class U = T>
    requires(std::is_convertible_v<U &&, T> && !std::same_as<std::remove_cvref_t<U>, Error> &&
             !std::same_as<std::remove_cvref_t<U>, Result>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}      // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() & {
    FB_ASSERT(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    FB_ASSERT(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    FB_ASSERT(ok());
    return std::get<0>(std::move(state_));
  }
  Error& error() & {
    FB_ASSERT(!ok());
    return std::get<1>(state_);
  }
  const Error& error() const& {
    FB_ASSERT(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    FB_ASSERT(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  Error& error() & {
    FB_ASSERT(!ok());
    return *error_;
  }
  const Error& error() const& {
    FB_ASSERT(!ok());
    return *error_;
  }
  Error&& error() && {
    FB_ASSERT(!ok());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace forebay

#define FB_CONCAT_INNER(a, b) a##b
#define FB_CONCAT(a, b) FB_CONCAT_INNER(a, b)

#define FB_TRY_INNER(leave, result, declaration, ...) \
  auto result = (__VA_ARGS__);                        \
  if (!result) leave std::move(result).error();       \
  declaration = *std::move(result)
#define FB_CHECK_INNER(leave, result, ...) \
  if (auto result = (__VA_ARGS__); !result) leave std::move(result).error()

/// FB_TRY(auto file, fs.open(path)): declares from the value, or returns the error.
#define FB_TRY(declaration, ...) FB_TRY_INNER(return, FB_CONCAT(fb_result_, __LINE__), declaration, __VA_ARGS__)
/// FB_CHECK(file.sync_data()): returns the error, if any.
#define FB_CHECK(...) FB_CHECK_INNER(return, FB_CONCAT(fb_result_, __LINE__), __VA_ARGS__)
/// The same two inside a coroutine. On GCC 12 the expression may hold only names and plain calls (tests/unit/base/
/// coroutine_lifetime_test.cpp shows why).
#define FB_CO_TRY(declaration, ...) FB_TRY_INNER(co_return, FB_CONCAT(fb_result_, __LINE__), declaration, __VA_ARGS__)
#define FB_CO_CHECK(...) FB_CHECK_INNER(co_return, FB_CONCAT(fb_result_, __LINE__), __VA_ARGS__)
