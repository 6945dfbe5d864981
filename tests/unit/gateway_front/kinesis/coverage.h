#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/unit/gateway_front/kinesis/golden_calls.h"

/// What the pages of served operations say of each.
namespace forebay::gateway::test {

inline std::string joined(const std::vector<std::string>& items, const char* separator = ", ") {
  std::string out;
  for (const std::string& item : items) out.append(out.empty() ? "" : separator).append(item);
  return out;
}

inline std::string without_ending(std::string name) {
  if (name.ends_with("Exception")) name.resize(name.size() - 9);
  return name;
}

/// Cases and errors of a golden file.
struct Coverage {
  std::size_t cases = 0;
  std::vector<std::string> errors;
  std::vector<std::string> never;
};

inline Coverage coverage_of(const std::string& operation, const char* folder = kKinesisCalls) {
  Coverage coverage;
  if (!has_golden_file(operation, folder)) return coverage;
  const GoldenFile file = read_golden_file(operation, folder);
  std::set<std::string> errors;
  for (const GoldenCall& call : file.calls) {
    if (call.operation != operation || !call.stated) continue;
    ++coverage.cases;
    if (!call.success) errors.insert(without_ending(call.error));
  }
  coverage.errors.assign(errors.begin(), errors.end());
  for (const auto& [error, reason] : file.never) coverage.never.push_back(without_ending(error) + ": " + reason);
  return coverage;
}

}  // namespace forebay::gateway::test
