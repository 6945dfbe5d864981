#include "agent/state_cache.h"

namespace forebay::agent {

Result<std::unique_ptr<StateCache>> StateCache::open(std::unique_ptr<Database> database) {
  FB_CHECK(database->run("CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"));
  FB_CHECK(database->run(
      "CREATE TABLE IF NOT EXISTS position (source TEXT PRIMARY KEY, position BLOB NOT NULL) WITHOUT ROWID"));
  return std::unique_ptr<StateCache>(new StateCache(std::move(database)));
}

Result<std::optional<std::string>> StateCache::get(std::string_view name) {
  const DatabaseValue parameter = std::string(name);
  FB_TRY(const auto rows, database_->run("SELECT value FROM fact WHERE name = ?", std::span(&parameter, 1)));
  if (rows.empty()) return std::optional<std::string>();
  const auto* value = std::get_if<std::string>(&rows.front().front());
  return value == nullptr ? std::optional<std::string>() : std::optional<std::string>(*value);
}

Result<void> StateCache::set(std::string_view name, std::string_view value) {
  const DatabaseValue parameters[] = {std::string(name), std::string(value)};
  FB_CHECK(database_->run("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", parameters));
  return {};
}

Result<void> StateCache::set_positions(const std::map<std::string, Buffer>& positions) {
  FB_CHECK(database_->begin());
  auto replaced = [&]() -> Result<void> {
    FB_CHECK(database_->run("DELETE FROM position"));
    for (const auto& [source, position] : positions) {
      const DatabaseValue parameters[] = {source, position};
      FB_CHECK(database_->run("INSERT INTO position (source, position) VALUES (?, ?)", parameters));
    }
    return {};
  }();
  if (replaced) return database_->commit();
  FB_CHECK(database_->rollback());
  return replaced;
}

}  // namespace forebay::agent
