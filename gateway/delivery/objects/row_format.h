#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/objects/pile.h"
#include "gateway/delivery/parquet/parquet_module.h"

namespace forebay::gateway::delivery {

/// Makes one file of columns from a pile of JSON records.
/// Threads  one.
class RowFormat {
 public:
  static constexpr std::size_t kObjectsPerRecordMax = 500;  ///< as many as the service makes sub-records of one

  struct BadRow {
    std::size_t index = 0;
    std::string message;
  };
  struct Converted {
    Buffer body;              ///< empty when all rows are bad
    std::vector<BadRow> bad;  ///< rising by index; these are not in the file
  };

  virtual ~RowFormat() = default;
  /// What makes the file, with its version: as long as this text is the same, so are the bytes.
  [[nodiscard]] virtual std::string making() const = 0;
  /// Memory of one row while the file is made, whatever is in it, without its texts.
  [[nodiscard]] virtual std::size_t row_bytes() const = 0;
  /// A function of its input. Errors  those of the library.
  virtual Result<Converted> convert(ByteView bytes, std::span<const PileRow> rows) = 0;
};

/// Errors  invalid_argument: a column or compression that is not known, named; unsupported: the package forebay-parquet
/// is missing.
Result<std::unique_ptr<RowFormat>> make_parquet_format(const ParquetConversion& conversion);
/// The same with a module that is loaded already.
Result<std::unique_ptr<RowFormat>> make_parquet_format(const ParquetConversion& conversion,
                                                       const forebay_parquet_api& api);

}  // namespace forebay::gateway::delivery
