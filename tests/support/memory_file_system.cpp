#include "tests/support/memory_file_system.h"

namespace forebay::test {

bool changes_disk(FileCall call) {
  switch (call) {
    case FileCall::create:
    case FileCall::write:
    case FileCall::sync:
    case FileCall::allocate:
    case FileCall::truncate:
    case FileCall::rename:
    case FileCall::remove:
    case FileCall::create_directories:
    case FileCall::remove_directory:
    case FileCall::sync_directory: return true;
    default: return false;
  }
}

/// An open file of MemoryFileSystem.
class MemoryFile final : public File {
 public:
  MemoryFile(MemoryFileSystem& disk, std::string path, std::shared_ptr<MemoryInode> inode, bool writable)
      : disk_(disk), path_(std::move(path)), inode_(std::move(inode)), writable_(writable) {}
  ~MemoryFile() override {
    std::lock_guard lock(disk_.mutex_);
    if (locked_) inode_->locked = false;
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  Result<std::size_t> read_at(std::uint64_t position, MutableBytes out) override {
    if (auto error = disk_.enter(FileCall::read, path_)) return *error;
    std::lock_guard lock(disk_.mutex_);
    if (const auto bad = disk_.unreadable_.find(path_); bad != disk_.unreadable_.end()) {
      for (const auto& [from, to] : bad->second) {
        if (position < to && position + out.size() > from) return Error{Errc::io, path_ + ": unreadable sector"};
      }
    }
    if (position >= inode_->cached.size()) return std::size_t{0};
    const std::size_t count = std::min<std::size_t>(out.size(), inode_->cached.size() - position);
    std::copy_n(inode_->cached.begin() + static_cast<std::ptrdiff_t>(position), count, out.begin());
    return count;
  }

  Result<void> write_at(std::uint64_t position, std::span<const ByteView> parts) override {
    bool short_write = false;
    if (auto error = disk_.enter(FileCall::write, path_, &short_write)) return *error;
    if (!writable_) return Error{Errc::permission, path_ + ": opened for reading"};
    Buffer bytes;
    for (const ByteView part : parts) append(bytes, part);
    std::lock_guard lock(disk_.mutex_);
    if (!disk_.has_room(*inode_, position + bytes.size())) return Error{Errc::no_space, path_ + ": disk full"};
    if (short_write) bytes.resize(bytes.size() / 2);
    inode_->write(position, bytes);
    disk_.written_bytes_ += bytes.size();
    if (short_write) return Error{Errc::io, path_ + ": short write"};
    return {};
  }

  Result<void> sync_data() override {
    auto error = disk_.enter(FileCall::sync, path_);
    std::lock_guard lock(disk_.mutex_);
    ++disk_.syncs_;
    if (error) {
      inode_->fail_sync();
      return *error;
    }
    inode_->sync();
    return {};
  }

  Result<void> allocate(std::uint64_t size) override {
    if (auto error = disk_.enter(FileCall::allocate, path_)) return *error;
    std::lock_guard lock(disk_.mutex_);
    if (!disk_.has_room(*inode_, size)) return Error{Errc::no_space, path_ + ": disk full"};
    if (size > inode_->cached.size()) inode_->resize(size);
    return {};
  }

  Result<void> truncate(std::uint64_t size) override {
    if (auto error = disk_.enter(FileCall::truncate, path_)) return *error;
    std::lock_guard lock(disk_.mutex_);
    inode_->resize(size);
    return {};
  }

  Result<std::uint64_t> size() override {
    if (auto error = disk_.enter(FileCall::size, path_)) return *error;
    std::lock_guard lock(disk_.mutex_);
    return inode_->cached.size();
  }

  Result<void> drop_cache() override {
    if (auto error = disk_.enter(FileCall::drop_cache, path_)) return *error;
    std::lock_guard lock(disk_.mutex_);
    inode_->drop_cache();
    return {};
  }

  Result<void> lock() override {
    if (auto error = disk_.enter(FileCall::lock, path_)) return *error;
    std::lock_guard lock(disk_.mutex_);
    if (inode_->locked && !locked_) return Error{Errc::conflict, path_ + ": locked by another"};
    inode_->locked = locked_ = true;
    return {};
  }

  Result<void> close() override {
    if (auto error = disk_.enter(FileCall::close, path_)) return *error;
    return {};
  }

 private:
  MemoryFileSystem& disk_;
  std::string path_;
  std::shared_ptr<MemoryInode> inode_;
  bool writable_;
  bool locked_ = false;
};

MemoryFileSystem::MemoryFileSystem() {
  for (const char* root : {".", "/"}) {
    now_.directories.insert(root);
    durable_.directories.insert(root);
  }
}

std::optional<Error> MemoryFileSystem::enter(FileCall call, const std::string& path, bool* short_write) {
  FileCallInfo info;
  std::shared_ptr<const Hook> hook;
  std::shared_ptr<const FaultFunction> decide;
  {
    std::lock_guard lock(mutex_);
    info = {++calls_, call, path};
    hook = hook_;
    decide = fault_;
  }
  if (hook && *hook && changes_disk(call)) (*hook)(info);
  const std::optional<Fault> fault = decide && *decide ? (*decide)(info) : std::nullopt;
  if (!fault) return std::nullopt;
  const std::string text = path + ": injected fault at call " + std::to_string(info.number);
  if (*fault == Fault::no_space) return Error{Errc::no_space, text};
  if (*fault == Fault::short_write && short_write != nullptr) {
    *short_write = true;
    return std::nullopt;
  }
  return Error{Errc::io, text};
}

void MemoryFileSystem::fail_call(std::uint64_t n, Fault fault) {
  const std::uint64_t at = calls() + n;
  set_fault([at, fault](const FileCallInfo& info) { return info.number == at ? std::optional(fault) : std::nullopt; });
}

void MemoryFileSystem::fail_randomly(std::uint64_t seed, std::uint32_t per_million, Fault fault) {
  auto random = std::make_shared<std::mt19937_64>(seed);
  set_fault([random, per_million, fault](const FileCallInfo&) {
    return (*random)() % 1'000'000 < per_million ? std::optional(fault) : std::nullopt;
  });
}

void MemoryFileSystem::set_unreadable(const std::string& path, std::uint64_t from, std::uint64_t to) {
  std::lock_guard lock(mutex_);
  unreadable_[path].emplace_back(from, to);
}

std::uint64_t MemoryFileSystem::used_locked() const {
  std::uint64_t total = 0;
  for (const auto& [path, inode] : now_.files) total += inode->cached.size();
  return total;
}

std::uint64_t MemoryFileSystem::used_bytes() const {
  std::lock_guard lock(mutex_);
  return used_locked();
}

bool MemoryFileSystem::has_room(const MemoryInode& inode, std::uint64_t size) const {
  if (capacity_ == UINT64_MAX || size <= inode.cached.size()) return true;
  return used_locked() + (size - inode.cached.size()) <= capacity_;
}

void MemoryFileSystem::apply(Names& names, const NameChange& change) {
  switch (change.kind) {
    case NameChange::Kind::link:
      if (names.directories.contains(parent_path(change.path))) names.files[change.path] = change.inode;
      break;
    case NameChange::Kind::unlink: names.files.erase(change.path); break;
    case NameChange::Kind::rename:
      names.files.erase(change.path);
      if (names.directories.contains(parent_path(change.to))) names.files[change.to] = change.inode;
      break;
    case NameChange::Kind::make_directory:
      if (names.directories.contains(parent_path(change.path))) names.directories.insert(change.path);
      break;
    case NameChange::Kind::drop_directory: names.directories.erase(change.path); break;
  }
}

Result<std::unique_ptr<File>> MemoryFileSystem::open(const std::string& path, OpenMode mode) {
  const bool creates = mode == OpenMode::create_new || mode == OpenMode::open_always;
  if (auto error = enter(creates ? FileCall::create : FileCall::open, path)) return *error;
  std::lock_guard lock(mutex_);
  auto found = now_.files.find(path);
  if (found == now_.files.end()) {
    if (!creates || !now_.directories.contains(parent_path(path))) {
      return Error{Errc::not_found, path + ": no such file"};
    }
    auto inode = std::make_shared<MemoryInode>();
    inode->id = next_inode_++;
    pending_.push_back({NameChange::Kind::link, path, {}, inode});
    apply(now_, pending_.back());
    found = now_.files.find(path);
  } else if (mode == OpenMode::create_new) {
    return Error{Errc::already_exists, path + ": exists"};
  }
  return std::unique_ptr<File>(std::make_unique<MemoryFile>(*this, path, found->second, mode != OpenMode::read));
}

Result<void> MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  if (auto error = enter(FileCall::rename, from)) return *error;
  std::lock_guard lock(mutex_);
  const auto found = now_.files.find(from);
  if (found == now_.files.end()) return Error{Errc::not_found, from + ": no such file"};
  pending_.push_back({NameChange::Kind::rename, from, to, found->second});
  apply(now_, pending_.back());
  return {};
}

Result<void> MemoryFileSystem::rename_new(const std::string& from, const std::string& to) {
  if (auto error = enter(FileCall::rename, from)) return *error;
  std::lock_guard lock(mutex_);
  const auto found = now_.files.find(from);
  if (found == now_.files.end()) return Error{Errc::not_found, from + ": no such file"};
  if (now_.files.contains(to) || now_.directories.contains(to)) return Error{Errc::already_exists, to + ": exists"};
  if (!now_.directories.contains(parent_path(to))) return Error{Errc::not_found, to + ": no such folder"};
  pending_.push_back({NameChange::Kind::rename, from, to, found->second});
  apply(now_, pending_.back());
  return {};
}

Result<void> MemoryFileSystem::remove(const std::string& path) {
  if (auto error = enter(FileCall::remove, path)) return *error;
  std::lock_guard lock(mutex_);
  if (!now_.files.contains(path)) return Error{Errc::not_found, path + ": no such file"};
  pending_.push_back({NameChange::Kind::unlink, path, {}, nullptr});
  apply(now_, pending_.back());
  return {};
}

Result<void> MemoryFileSystem::create_directories(const std::string& path) {
  if (auto error = enter(FileCall::create_directories, path)) return *error;
  std::lock_guard lock(mutex_);
  std::vector<std::string> missing;
  for (std::string at = path; !now_.directories.contains(at); at = parent_path(at)) missing.push_back(at);
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    pending_.push_back({NameChange::Kind::make_directory, *at, {}, nullptr});
    apply(now_, pending_.back());
  }
  return {};
}

Result<void> MemoryFileSystem::remove_directory(const std::string& path) {
  if (auto error = enter(FileCall::remove_directory, path)) return *error;
  std::lock_guard lock(mutex_);
  if (!now_.directories.contains(path)) return Error{Errc::not_found, path + ": no such folder"};
  for (const auto& [name, inode] : now_.files) {
    if (parent_path(name) == path) return Error{Errc::conflict, path + ": folder is not empty"};
  }
  pending_.push_back({NameChange::Kind::drop_directory, path, {}, nullptr});
  apply(now_, pending_.back());
  return {};
}

Result<void> MemoryFileSystem::sync_directory(const std::string& path) {
  if (auto error = enter(FileCall::sync_directory, path)) return *error;
  std::lock_guard lock(mutex_);
  if (!now_.directories.contains(path)) return Error{Errc::not_found, path + ": no such folder"};
  std::vector<NameChange> rest;
  for (NameChange& change : pending_) {
    const bool here = parent_path(change.path) == path || (!change.to.empty() && parent_path(change.to) == path);
    if (here) {
      apply(durable_, change);
    } else {
      rest.push_back(std::move(change));
    }
  }
  pending_ = std::move(rest);
  return {};
}

Result<std::vector<std::string>> MemoryFileSystem::list(const std::string& path) {
  if (auto error = enter(FileCall::list, path)) return *error;
  std::lock_guard lock(mutex_);
  if (!now_.directories.contains(path)) return Error{Errc::not_found, path + ": no such folder"};
  std::set<std::string> names;
  for (const auto& [name, inode] : now_.files) {
    if (parent_path(name) == path) names.insert(name.substr(name.rfind('/') + 1));
  }
  for (const std::string& name : now_.directories) {
    if (name != path && parent_path(name) == path) names.insert(name.substr(name.rfind('/') + 1));
  }
  names.erase("");
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::optional<FileInfo>> MemoryFileSystem::stat(const std::string& path) {
  if (auto error = enter(FileCall::stat, path)) return *error;
  std::lock_guard lock(mutex_);
  if (now_.directories.contains(path)) return std::optional(FileInfo{0, true});
  const auto found = now_.files.find(path);
  if (found == now_.files.end()) return std::optional<FileInfo>();
  return std::optional(FileInfo{found->second->cached.size(), false});
}

Result<SpaceInfo> MemoryFileSystem::space(const std::string& path) {
  if (auto error = enter(FileCall::space, path)) return *error;
  std::lock_guard lock(mutex_);
  const std::uint64_t total = std::min<std::uint64_t>(capacity_, std::uint64_t{1} << 40);
  const std::uint64_t used = used_locked();
  return SpaceInfo{total - std::min(total, used), total};
}

}  // namespace forebay::test
