#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "gateway/delivery/parquet/parquet_module.h"

namespace forebay::gateway::delivery {

/// Type of a column, from its name in Hive: string, varchar(N), char(N), binary, tinyint, smallint, int, bigint, float,
/// double, boolean, timestamp, date, decimal, decimal(P), decimal(P,S).
struct HiveType {
  forebay_parquet_type type = FOREBAY_PARQUET_STRING;
  int precision = 0;  ///< of a decimal, 1 to 38
  int scale = 0;

  /// Errors  invalid_argument, with the name.
  static Result<HiveType> parse(std::string_view name);
  /// Bytes of one value; 0: of varying length, or bits.
  [[nodiscard]] std::size_t width() const;
  [[nodiscard]] bool has_offsets() const { return type == FOREBAY_PARQUET_STRING || type == FOREBAY_PARQUET_BINARY; }
};

}  // namespace forebay::gateway::delivery
