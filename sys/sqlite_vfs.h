#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "base/file_system.h"

namespace forebay {

/// SQLite's view of a FileSystem, so that a database runs on any of them, also on one that forgets unsynced bytes.
/// Made for WAL with exclusive locking, which needs no shared memory. Creations become durable with the first sync of
/// the file. After any failed sync every later change through this object fails: what is on disk is unknown.
/// Owner    lives longer than the connections opened through name().
/// Threads  those of the connection.
class SqliteVfs {
 public:
  explicit SqliteVfs(FileSystem& files);
  ~SqliteVfs();
  SqliteVfs(const SqliteVfs&) = delete;
  SqliteVfs& operator=(const SqliteVfs&) = delete;

  /// For sqlite3_open_v2().
  [[nodiscard]] const char* name() const { return name_.c_str(); }
  [[nodiscard]] bool sync_failed() const { return state_.sync_failed; }

  /// What the callbacks see.
  struct State {
    FileSystem& files;
    bool sync_failed = false;
  };

 private:
  State state_;
  std::string name_;
  sqlite3_vfs vfs_;
};

}  // namespace forebay
