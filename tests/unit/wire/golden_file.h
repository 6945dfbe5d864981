#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/bytes.h"

namespace forebay::test {

/// Reads tests/golden/<name>; an empty result fails the test.
inline std::string golden_text(const std::string& name) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../golden" / name;
  std::ifstream in(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(content.empty()) << "cannot read " << path;
  return content;
}

inline Buffer golden_bytes(const std::string& name) { return to_buffer(as_bytes(golden_text(name))); }

}  // namespace forebay::test
