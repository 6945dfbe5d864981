#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace forebay::wire::kinesis::test {

/// "a1 61 61 01" -> bytes
inline Buffer from_hex(std::string_view hex) {
  Buffer out;
  int high = -1;
  for (char c : hex) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  EXPECT_EQ(high, -1) << "odd number of digits";
  return out;
}

/// CBOR of a JSON text by another encoder; its strings stay text.
inline Buffer cbor_of(std::string_view json) { return nlohmann::json::to_cbor(nlohmann::json::parse(json)); }

inline nlohmann::json blob(std::string_view data) {
  return nlohmann::json::binary(std::vector<std::uint8_t>(data.begin(), data.end()));
}

}  // namespace forebay::wire::kinesis::test
