#include "sys/sqlite_vfs.h"

#include <cstring>

#include "base/assert.h"

namespace forebay {
namespace {

constexpr int kPathMax = 1024;
constexpr int kSectorBytes = 4096;  // what a torn write may damage around it; flash and disks stay below

/// Lives in memory that SQLite allocates and zeroes; ours from open_file() to close_file().
struct VfsFile {
  sqlite3_file base;
  File* file;
  SqliteVfs::State* state;
  std::string* path;
  bool directory_dirty;  ///< the name is not durable yet
  bool locked;
};

VfsFile& self(sqlite3_file* file) { return *reinterpret_cast<VfsFile*>(file); }
SqliteVfs::State& state_of(sqlite3_vfs* vfs) { return *static_cast<SqliteVfs::State*>(vfs->pAppData); }

int change_error(const Error& error, int otherwise) { return error.code == Errc::no_space ? SQLITE_FULL : otherwise; }

int close_file(sqlite3_file* base) {
  VfsFile& file = self(base);
  delete file.file;
  delete file.path;
  base->pMethods = nullptr;
  return SQLITE_OK;
}

int read_file_at(sqlite3_file* base, void* out, int size, sqlite3_int64 position) {
  const MutableBytes bytes(static_cast<std::uint8_t*>(out), static_cast<std::size_t>(size));
  const Result<std::size_t> got = self(base).file->read_at(static_cast<std::uint64_t>(position), bytes);
  if (!got) return SQLITE_IOERR_READ;
  if (*got == bytes.size()) return SQLITE_OK;
  std::memset(bytes.data() + *got, 0, bytes.size() - *got);
  return SQLITE_IOERR_SHORT_READ;
}

int write_file_at(sqlite3_file* base, const void* in, int size, sqlite3_int64 position) {
  VfsFile& file = self(base);
  if (file.state->sync_failed) return SQLITE_IOERR_WRITE;
  const ByteView bytes(static_cast<const std::uint8_t*>(in), static_cast<std::size_t>(size));
  const Result<void> result = file.file->write_at(static_cast<std::uint64_t>(position), bytes);
  return result ? SQLITE_OK : change_error(result.error(), SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* base, sqlite3_int64 size) {
  VfsFile& file = self(base);
  if (file.state->sync_failed) return SQLITE_IOERR_TRUNCATE;
  return file.file->truncate(static_cast<std::uint64_t>(size)) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync_file(sqlite3_file* base, int) {
  VfsFile& file = self(base);
  SqliteVfs::State& state = *file.state;
  if (!state.sync_failed && !file.file->sync_data()) state.sync_failed = true;
  if (!state.sync_failed && file.directory_dirty) {
    if (state.files.sync_directory(parent_path(*file.path)))
      file.directory_dirty = false;
    else
      state.sync_failed = true;
  }
  return state.sync_failed ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
  const Result<std::uint64_t> result = self(base).file->size();
  if (!result) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(*result);
  return SQLITE_OK;
}

int lock_file(sqlite3_file* base, int) {
  VfsFile& file = self(base);
  if (file.locked) return SQLITE_OK;
  const Result<void> result = file.file->lock();
  if (!result) return result.error().code == Errc::conflict ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
  file.locked = true;  // until the file is closed
  return SQLITE_OK;
}

int unlock_file(sqlite3_file*, int) { return SQLITE_OK; }

int check_reserved_lock(sqlite3_file*, int* result) {
  *result = 0;  // whoever has the file has it alone
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return kSectorBytes; }
/// Nothing is promised: no atomic writes, no order, no protection of neighbours.
int device_characteristics(sqlite3_file*) { return 0; }

/// Version 1: without shared memory and memory maps.
const sqlite3_io_methods kMethods = {1,
                                     close_file,
                                     read_file_at,
                                     write_file_at,
                                     truncate_file,
                                     sync_file,
                                     file_size,
                                     lock_file,
                                     unlock_file,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     device_characteristics,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* base, int flags, int* flags_out) {
  base->pMethods = nullptr;
  if (name == nullptr) return SQLITE_CANTOPEN;  // temporary files: temp_store keeps them in memory
  SqliteVfs::State& state = state_of(vfs);
  const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
  const Result<std::optional<FileInfo>> info = state.files.stat(name);
  if (!info) return SQLITE_CANTOPEN;
  Result<std::unique_ptr<File>> opened = state.files.open(name, create ? OpenMode::open_always : OpenMode::read_write);
  if (!opened) return change_error(opened.error(), SQLITE_CANTOPEN);
  VfsFile& file = self(base);
  file.file = opened->release();
  file.state = &state;
  file.path = new std::string(name);
  file.directory_dirty = !info->has_value();
  file.locked = false;
  base->pMethods = &kMethods;
  if (flags_out != nullptr) *flags_out = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  SqliteVfs::State& state = state_of(vfs);
  if (state.sync_failed) return SQLITE_IOERR_DELETE;
  const Result<void> removed = state.files.remove(name);
  if (!removed) return removed.error().code == Errc::not_found ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
  if (sync_directory != 0 && !state.files.sync_directory(parent_path(name))) {
    state.sync_failed = true;
    return SQLITE_IOERR_DIR_FSYNC;
  }
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  const Result<std::optional<FileInfo>> info = state_of(vfs).files.stat(name);
  if (!info) return SQLITE_IOERR_ACCESS;
  // An empty journal counts as none, as in SQLite's own file layer.
  *result = info->has_value() && (flags != SQLITE_ACCESS_EXISTS || (*info)->size > 0) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  const std::size_t length = std::strlen(name);
  if (length + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, length + 1);
  return SQLITE_OK;
}

sqlite3_vfs* system_vfs() { return sqlite3_vfs_find(nullptr); }

// Salts, waiting and the date function come from the system's layer; none of them decides what is stored.
int randomness(sqlite3_vfs*, int size, char* out) { return system_vfs()->xRandomness(system_vfs(), size, out); }
int sleep_for(sqlite3_vfs*, int microseconds) { return system_vfs()->xSleep(system_vfs(), microseconds); }
int current_time(sqlite3_vfs*, double* out) { return system_vfs()->xCurrentTime(system_vfs(), out); }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

SqliteVfs::SqliteVfs(FileSystem& files) : state_{files}, vfs_{} {
  char text[40];
  sqlite3_snprintf(sizeof(text), text, "forebay-%p", static_cast<void*>(this));
  name_ = text;
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(VfsFile);
  vfs_.mxPathname = kPathMax;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = &state_;
  vfs_.xOpen = open_file;
  vfs_.xDelete = delete_file;
  vfs_.xAccess = access_file;
  vfs_.xFullPathname = full_path;
  vfs_.xRandomness = randomness;
  vfs_.xSleep = sleep_for;
  vfs_.xCurrentTime = current_time;
  vfs_.xGetLastError = last_error;
  FB_ASSERT(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK);
}

SqliteVfs::~SqliteVfs() { sqlite3_vfs_unregister(&vfs_); }

}  // namespace forebay
