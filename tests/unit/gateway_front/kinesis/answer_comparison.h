#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/gateway_front/kinesis/golden_calls.h"

namespace forebay::gateway::test {

/// Compares an answer with what is written down and keeps the variables in it.
class AnswerComparison {
 public:
  explicit AnswerComparison(Variables& variables) : variables_(variables) {}

  void compare(const nlohmann::json& wanted, const nlohmann::json& got, const std::string& path) {
    if (wanted == "*") return;
    if (wanted.is_string() && wanted.get_ref<const std::string&>().starts_with('$'))
      return keep(wanted.get<std::string>().substr(1), got, path);
    if (wanted.is_object() && got.is_object()) return compare_members(wanted, got, path);
    if (wanted.is_array() && got.is_array()) {
      EXPECT_EQ(wanted.size(), got.size()) << path << ": " << got.dump();
      for (std::size_t i = 0; i < std::min(wanted.size(), got.size()); ++i)
        compare(wanted[i], got[i], path + "[" + std::to_string(i) + "]");
      return;
    }
    EXPECT_EQ(wanted, got) << path;
  }

 private:
  void compare_members(const nlohmann::json& wanted, const nlohmann::json& got, const std::string& path) {
    for (const auto& [name, value] : wanted.items()) {
      if (!got.contains(name))
        ADD_FAILURE() << path << " has no member " << name;
      else
        compare(value, got[name], path + "." + name);
    }
    for (const auto& [name, value] : got.items())
      EXPECT_TRUE(wanted.contains(name)) << path << " also has " << name << " " << value.dump();
  }
  void keep(const std::string& name, const nlohmann::json& got, const std::string& path) {
    const std::string text = got.is_string() ? got.get<std::string>() : got.dump();
    const auto found = variables_.emplace(name, text).first;
    EXPECT_EQ(found->second, text) << path;
  }
  Variables& variables_;
};

}  // namespace forebay::gateway::test
