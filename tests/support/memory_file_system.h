#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "tests/support/memory_inode.h"

namespace forebay::test {

/// A file system in memory that forgets, as a disk does at a power cut (reliability T2).
///
///   MemoryFileSystem disk;
///   ... run production code on it ...
///   for (const CrashPlan& plan : disk.crash_plans(seed)) {   // at any moment, also inside on_operation
///     auto after = disk.crash(plan);                         // what the next boot finds
///     ... recover on *after, compare with what was acknowledged ...
///   }
///
/// What it keeps apart
///   bytes      per 512-byte sector: written and synced. sync_data() makes the sectors and the size of one file
///              durable.
///   names      creations, renames and removals are durable only after sync_directory() of the folder; syncing a
///              file does not make its name durable.
///   cache      a failed sync marks pages clean that never reached the disk; reads go on showing them until
///              drop_cache().
/// What a crash may leave of unsynced things: see CrashPlan.
/// Faults      set_fault() decides per call; helpers below. Locks are per open file and end with it; a crash image has
/// none.
/// Threads     any; the hook and the fault function run on the calling thread without the lock.
/// Owner       outlives every File it opened.
enum class FileCall : std::uint8_t {
  open,
  create,
  read,
  write,
  sync,
  allocate,
  truncate,
  size,
  drop_cache,
  lock,
  close,
  rename,
  remove,
  create_directories,
  remove_directory,
  sync_directory,
  list,
  stat,
  space,
};
/// True for calls that change what a crash may leave.
bool changes_disk(FileCall call);

struct FileCallInfo {
  std::uint64_t number = 0;  ///< of all calls, from 1
  FileCall call = FileCall::open;
  std::string path;
};

enum class Fault : std::uint8_t {
  io_error,     ///< nothing was done; of sync: nothing reached the disk and the pages are marked clean
  no_space,     ///< nothing was done
  short_write,  ///< write: the first half was done, then an I/O error; other calls: io_error
};
using FaultFunction = std::function<std::optional<Fault>(const FileCallInfo&)>;

/// One possible aftermath of a power cut.
struct CrashPlan {
  enum class Sectors : std::uint8_t {
    none,  ///< no unsynced sector reached the disk
    all,
    drop_one,  ///< all but unsynced sector number `index`
    keep_one,  ///< only unsynced sector number `index`
    random,    ///< each by a coin from `seed`
    torn,      ///< as random, and one sector has only its first bytes
  };
  enum class Names : std::uint8_t { none, all, random, prefix };
  Sectors sectors = Sectors::none;
  Names names = Names::none;
  std::size_t index = 0;
  std::uint64_t seed = 0;
};

class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> rename_new(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> create_directories(const std::string& path) override;
  Result<void> remove_directory(const std::string& path) override;
  Result<void> sync_directory(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<std::optional<FileInfo>> stat(const std::string& path) override;
  Result<SpaceInfo> space(const std::string& path) override;

  /// Called before every call that changes the disk: the place to build crash images.
  void on_operation(std::function<void(const FileCallInfo&)> hook) {
    const std::lock_guard lock(mutex_);
    hook_ = std::make_shared<const Hook>(std::move(hook));
  }
  void set_fault(FaultFunction fault) {
    const std::lock_guard lock(mutex_);
    fault_ = std::make_shared<const FaultFunction>(std::move(fault));
  }
  /// Call number `n` counted from now (1 is the next) fails once.
  void fail_call(std::uint64_t n, Fault fault);
  /// Every call fails with probability `per_million`, by seed.
  void fail_randomly(std::uint64_t seed, std::uint32_t per_million, Fault fault);
  /// Bytes all files may have together.
  void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }
  /// Reads that touch [from, to) of the file fail.
  void set_unreadable(const std::string& path, std::uint64_t from, std::uint64_t to);
  [[nodiscard]] std::uint64_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  [[nodiscard]] std::uint64_t syncs() const { return syncs_; }
  [[nodiscard]] std::uint64_t written_bytes() const { return written_bytes_; }
  [[nodiscard]] std::uint64_t used_bytes() const;

  /// Aftermaths worth trying: none, all, each single sector dropped or kept (when at most 16 are unsynced), torn and
  /// random ones, each with several outcomes for unsynced names.
  [[nodiscard]] std::vector<CrashPlan> crash_plans(std::uint64_t seed, std::size_t random_plans = 4) const;
  /// The disk after a power cut: everything in it is durable.
  [[nodiscard]] std::unique_ptr<MemoryFileSystem> crash(const CrashPlan& plan) const;
  /// The disk after the process was killed: everything written is there, and still not durable.
  [[nodiscard]] std::unique_ptr<MemoryFileSystem> kill() const;
  /// Hash of names and bytes a power cut would leave with CrashPlan none; of a crash image: of all of it.
  [[nodiscard]] std::uint64_t durable_hash() const;

  /// Direct access for tests that damage files: both what is seen and what is durable.
  [[nodiscard]] Buffer content(const std::string& path) const;
  void set_content(const std::string& path, ByteView bytes);
  void overwrite(const std::string& path, std::uint64_t position, ByteView bytes);
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  friend class MemoryFile;
  using InodePtr = std::shared_ptr<MemoryInode>;
  struct NameChange {
    enum class Kind : std::uint8_t { link, unlink, rename, make_directory, drop_directory } kind;
    std::string path;
    std::string to;
    InodePtr inode;
  };
  struct Names {
    std::map<std::string, InodePtr> files;
    std::set<std::string> directories;
  };

  std::optional<Error> enter(FileCall call, const std::string& path, bool* short_write = nullptr);
  Result<void> allocate(MemoryInode& inode, std::uint64_t size);
  [[nodiscard]] bool has_room(const MemoryInode& inode, std::uint64_t size) const;
  [[nodiscard]] std::uint64_t used_locked() const;
  static void apply(Names& names, const NameChange& change);
  [[nodiscard]] std::vector<std::pair<InodePtr, std::size_t>> unsynced_sectors() const;
  [[nodiscard]] Names surviving_names(const CrashPlan& plan, std::mt19937_64& random) const;

  mutable std::mutex mutex_;
  Names now_;
  Names durable_;
  std::vector<NameChange> pending_;
  std::uint64_t next_inode_ = 1;
  std::uint64_t capacity_ = UINT64_MAX;
  std::uint64_t calls_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t written_bytes_ = 0;
  std::map<std::string, std::vector<std::pair<std::uint64_t, std::uint64_t>>> unreadable_;
  using Hook = std::function<void(const FileCallInfo&)>;
  std::shared_ptr<const Hook> hook_;  ///< shared: may be replaced while another thread is in it
  std::shared_ptr<const FaultFunction> fault_;
};

}  // namespace forebay::test
