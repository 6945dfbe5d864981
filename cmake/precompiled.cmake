# Headers that most sources of a target include, compiled once per build: a clean build takes a third less.

# forebay_precompile(NAME [DEPENDS targets] HEADERS <a> <b>): a target whose precompiled headers others reuse.
function(forebay_precompile name)
  if(NOT FOREBAY_PRECOMPILED)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "DEPENDS;HEADERS" ${ARGN})
  file(WRITE ${CMAKE_BINARY_DIR}/generated/${name}.cpp "")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/generated/${name}.cpp)
  target_link_libraries(${name} PRIVATE forebay_flags ${ARG_DEPENDS})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
endfunction()

# forebay_reuse(TARGET NAME): TARGET is compiled with NAME's headers.
function(forebay_reuse target name)
  if(TARGET ${name})
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

set(standard_headers <algorithm> <array> <atomic> <charconv> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional>
  <span> <string> <string_view> <utility> <variant> <vector>)
forebay_precompile(forebay_asio_headers DEPENDS forebay_asio
  HEADERS ${standard_headers} <boost/asio/awaitable.hpp> <boost/asio/any_io_executor.hpp> <boost/asio/co_spawn.hpp>
  <boost/asio/io_context.hpp> <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>)
if(FOREBAY_TESTS)
  forebay_precompile(forebay_test_headers DEPENDS GTest::gtest GTest::gmock
    HEADERS ${standard_headers} <gtest/gtest.h> <gmock/gmock.h>)
endif()
