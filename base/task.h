#pragma once

#include <boost/asio/awaitable.hpp>

namespace forebay {

/// A coroutine on one executor. Errors travel as Result, never as exceptions.
template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace forebay
