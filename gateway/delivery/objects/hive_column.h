#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "gateway/delivery/objects/hive_type.h"
#include "wire/kinesis/json_value_reader.h"

namespace forebay::gateway::delivery {

/// Values of one column, in the form the module takes. A value is set, then the row is appended: columns that were not
/// set get a null.
class HiveColumn {
 public:
  HiveColumn(std::string name, HiveType type) : name_(std::move(name)), type_(type) { clear(); }

  void clear();
  /// Reads the next value; the value of the row under way is then this one, or none when it does not fit, and `why`
  /// says so.
  bool set(wire::kinesis::JsonReader& in, std::string& why);
  /// Appends the row under way.
  void append_row();
  /// Drops what was set and the rows from `rows` on.
  void truncate(std::size_t rows);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Memory of each row, without the bytes of a text.
  [[nodiscard]] std::size_t row_bits() const;
  /// Points into this column.
  [[nodiscard]] forebay_parquet_column view() const;

 private:
  std::string name_;
  HiveType type_;
  std::size_t rows_ = 0;
  Buffer valid_;
  Buffer values_;
  std::vector<std::int32_t> offsets_;
  bool present_ = false;  ///< the row under way has a value
  Buffer value_;          ///< in the form of values_; of a boolean one byte
};

}  // namespace forebay::gateway::delivery
