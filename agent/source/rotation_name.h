#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace forebay::agent {

/// What a file name says about rotation. "app.log.2", "app.2.log", "app.log-20260131", "app.log.2026-01-31",
/// "app-2026013115.log" and "app.log-1767225600" all belong to "app.log"; ".gz" and the like behind them mark a
/// compressed copy. Every other name is its own base.
struct RotationName {
  enum class Kind : std::uint8_t { live, numbered, dated };
  std::string base;
  Kind kind = Kind::live;
  std::string stamp;  ///< digits of the number or date; empty for live
  bool compressed = false;
};

RotationName parse_rotation_name(std::string_view name);

/// Where a file stands in its family. before(a, b): `a` was written earlier.
struct RotationRank {
  RotationName::Kind kind = RotationName::Kind::live;
  std::string stamp;
  std::int64_t modified_ns = 0;
  std::string name;
};
bool before(const RotationRank& a, const RotationRank& b);

}  // namespace forebay::agent
