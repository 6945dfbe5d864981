#include "sys/sqlite_database.h"

#include <sqlite3.h>

#include <map>

#include "sys/sqlite_vfs.h"

namespace forebay {
namespace {

constexpr std::size_t kStatementsMax = 64;  // programs have a few dozen texts
constexpr const char* kSettings[] = {
    "PRAGMA locking_mode=EXCLUSIVE",  // before WAL is touched: then its index lives in our memory
    "PRAGMA journal_mode=WAL",       "PRAGMA synchronous=FULL",   "PRAGMA temp_store=MEMORY",
    "PRAGMA cell_size_check=ON",     "PRAGMA trusted_schema=OFF", "PRAGMA cache_size=-1024",
};

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};

Errc code_of(int extended) {
  switch (extended & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Errc::corrupt;
    case SQLITE_FULL: return Errc::no_space;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Errc::conflict;
    case SQLITE_TOOBIG: return Errc::too_large;
    case SQLITE_CONSTRAINT:
      return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ? Errc::already_exists
                                                                                              : Errc::invalid_argument;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE: return Errc::invalid_argument;
    default: return Errc::io;
  }
}

struct Binder {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
  int operator()(const std::string& v) const {
    return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(const Buffer& v) const {
    // A null pointer would store NULL instead of no bytes.
    if (v.empty()) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob64(statement, index, v.data(), v.size(), SQLITE_STATIC);
  }
};

DatabaseValue column_value(sqlite3_stmt* statement, int column) {
  const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, column)); };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate();
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_BLOB: {
      const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, column));
      return Buffer(data, data + size());
    }
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, size());
    }
  }
}

/// Leaves a cached statement ready for its next use, however its run ended.
class StatementUse {
 public:
  explicit StatementUse(sqlite3_stmt* statement) : statement_(statement) {}
  ~StatementUse() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

 private:
  sqlite3_stmt* statement_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(FileSystem& files, std::string path) : path_(std::move(path)), vfs_(files) {}

  Result<void> open() {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int result = sqlite3_open_v2(path_.c_str(), &raw, flags, vfs_.name());
    connection_.reset(raw);
    if (result != SQLITE_OK) return failure("open", result);
    // A destructor must not sync; the WAL is kept and read at the next open.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    for (const char* setting : kSettings) FB_CHECK(run_rows(setting, {}));
    FB_TRY(const auto rows, run_rows("PRAGMA quick_check(1)", {}));
    const auto* verdict = rows.empty() ? nullptr : std::get_if<std::string>(&rows[0].at(0));
    if (verdict == nullptr || *verdict != "ok")
      return Error{Errc::corrupt, path_ + ": " + (verdict == nullptr ? "no verdict" : *verdict)};
    return {};
  }

  Result<std::vector<DatabaseRow>> run(std::string_view sql, std::span<const DatabaseValue> parameters) override {
    if (dead_) return *dead_;
    Result<std::vector<DatabaseRow>> rows = run_rows(sql, parameters);
    if (!rows && (vfs_.sync_failed() || rows.error().code == Errc::io || rows.error().code == Errc::corrupt)) {
      // Nothing of this connection may be trusted any more, not even its cache.
      dead_ = rows.error();
      if (vfs_.sync_failed()) dead_->code = Errc::io;
      return *dead_;
    }
    return rows;
  }

 private:
  Error failure(std::string_view what, int result) const {
    const int extended = connection_ ? sqlite3_extended_errcode(connection_.get()) : result;
    const char* text = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(result);
    return Error{code_of(extended), path_ + ": " + std::string(what) + ": " + text};
  }

  Result<sqlite3_stmt*> prepared(std::string_view sql) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int result = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    Statement statement(raw);
    if (result != SQLITE_OK) return failure(sql, result);
    if (raw == nullptr || tail != sql.data() + sql.size())
      return Error{Errc::invalid_argument, path_ + ": pass exactly one statement: " + std::string(sql)};
    if (statements_.size() >= kStatementsMax) statements_.clear();
    return statements_.emplace(std::string(sql), std::move(statement)).first->second.get();
  }

  Result<std::vector<DatabaseRow>> run_rows(std::string_view sql, std::span<const DatabaseValue> parameters) {
    FB_TRY(sqlite3_stmt* const statement, prepared(sql));
    const StatementUse use(statement);
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != parameters.size())
      return Error{Errc::invalid_argument, path_ + ": wrong number of parameters: " + std::string(sql)};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const int result = std::visit(Binder{statement, static_cast<int>(i) + 1}, parameters[i]);
      if (result != SQLITE_OK) return failure(sql, result);
    }
    std::vector<DatabaseRow> rows;
    for (;;) {
      const int result = sqlite3_step(statement);
      if (result == SQLITE_DONE) return rows;
      if (result != SQLITE_ROW) return failure(sql, result);
      DatabaseRow& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(column_value(statement, i));
    }
  }

  std::string path_;
  SqliteVfs vfs_;
  std::unique_ptr<sqlite3, CloseConnection> connection_;
  std::map<std::string, Statement, std::less<>> statements_;
  std::optional<Error> dead_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_database(FileSystem& files, const std::string& path) {
  auto database = std::make_unique<SqliteDatabase>(files, path);
  FB_CHECK(database->open());
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace forebay
