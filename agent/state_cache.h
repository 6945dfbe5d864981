#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/database.h"
#include "base/result.h"

namespace forebay::agent {

/// Small facts that can be had again: the device's name, the gateway's timeline, source positions for people to look
/// at. Lost or damaged, it is made anew; the spool's positions always win.
/// Threads  one caller at a time.
class StateCache {
 public:
  /// Makes the tables when they are missing.
  static Result<std::unique_ptr<StateCache>> open(std::unique_ptr<Database> database);

  /// Empty when the fact was never kept.
  Result<std::optional<std::string>> get(std::string_view name);
  Result<void> set(std::string_view name, std::string_view value);
  /// Replaces all positions.
  Result<void> set_positions(const std::map<std::string, Buffer>& positions);

 private:
  explicit StateCache(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  std::unique_ptr<Database> database_;
};

}  // namespace forebay::agent
