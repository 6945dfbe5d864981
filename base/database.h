#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace forebay {

using DatabaseValue = std::variant<std::monostate, std::int64_t, std::string, Buffer>;
using DatabaseRow = std::vector<DatabaseValue>;

/// A small transactional store (SQLite, WAL, synchronous FULL) for state that is small or can be rebuilt.
/// Threads  one caller at a time.
class Database {
 public:
  virtual ~Database() = default;
  /// Runs one statement with `?` parameters and returns all rows.
  /// Errors  corrupt: the file is damaged; io: nothing of it may be trusted any more, as after a failed sync.
  virtual Result<std::vector<DatabaseRow>> run(std::string_view sql, std::span<const DatabaseValue> parameters = {}) = 0;

  Result<void> begin() { return done(run("BEGIN IMMEDIATE")); }
  /// Success  durable.
  Result<void> commit() { return done(run("COMMIT")); }
  Result<void> rollback() { return done(run("ROLLBACK")); }

 private:
  static Result<void> done(Result<std::vector<DatabaseRow>> result) {
    if (!result) return std::move(result).error();
    return {};
  }
};

}  // namespace forebay
