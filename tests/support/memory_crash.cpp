#include "tests/support/memory_file_system.h"

namespace forebay::test {

using Sectors = CrashPlan::Sectors;

constexpr std::size_t kSingleSectorsMax = 16;

std::vector<std::pair<MemoryFileSystem::InodePtr, std::size_t>> MemoryFileSystem::unsynced_sectors() const {
  std::map<std::uint64_t, InodePtr> inodes;
  for (const auto& [path, inode] : now_.files) inodes[inode->id] = inode;
  for (const auto& [path, inode] : durable_.files) inodes[inode->id] = inode;
  std::vector<std::pair<InodePtr, std::size_t>> sectors;
  for (const auto& [id, inode] : inodes) {
    for (const std::size_t sector : inode->dirty_sectors()) sectors.emplace_back(inode, sector);
  }
  return sectors;
}

std::vector<CrashPlan> MemoryFileSystem::crash_plans(std::uint64_t seed, std::size_t random_plans) const {
  std::lock_guard lock(mutex_);
  const std::size_t sectors = unsynced_sectors().size();
  std::vector<CrashPlan::Names> name_choices{CrashPlan::Names::none};
  if (!pending_.empty()) name_choices.push_back(CrashPlan::Names::all);
  if (pending_.size() > 1) name_choices.push_back(CrashPlan::Names::random);
  if (pending_.size() > 1) name_choices.push_back(CrashPlan::Names::prefix);
  std::vector<CrashPlan> plans;
  for (const CrashPlan::Names names : name_choices) {
    plans.push_back({Sectors::none, names, 0, seed});
    if (sectors == 0) continue;
    plans.push_back({Sectors::all, names, 0, seed});
    for (std::size_t i = 0; sectors <= kSingleSectorsMax && i < sectors; ++i) {
      plans.push_back({Sectors::drop_one, names, i, seed});
      if (sectors > 2) plans.push_back({Sectors::keep_one, names, i, seed});
    }
    for (std::size_t i = 0; i < random_plans; ++i) {
      if (sectors > 2) plans.push_back({Sectors::random, names, 0, seed + i});
      plans.push_back({Sectors::torn, names, 0, seed + i});
    }
  }
  return plans;
}

MemoryFileSystem::Names MemoryFileSystem::surviving_names(const CrashPlan& plan, std::mt19937_64& random) const {
  Names names = durable_;
  const std::size_t prefix = pending_.empty() ? 0 : random() % (pending_.size() + 1);
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    bool keep = plan.names == CrashPlan::Names::all;
    if (plan.names == CrashPlan::Names::random) keep = random() % 2 == 0;
    if (plan.names == CrashPlan::Names::prefix) keep = i < prefix;
    if (keep) apply(names, pending_[i]);
  }
  return names;
}

std::unique_ptr<MemoryFileSystem> MemoryFileSystem::crash(const CrashPlan& plan) const {
  std::lock_guard lock(mutex_);
  std::mt19937_64 random(plan.seed * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(plan.sectors));
  auto image = std::make_unique<MemoryFileSystem>();
  image->capacity_ = capacity_;
  image->next_inode_ = next_inode_;
  const Names names = surviving_names(plan, random);
  std::map<std::uint64_t, InodePtr> copies;
  auto copy_of = [&](const InodePtr& inode) {
    InodePtr& copy = copies[inode->id];
    if (!copy) {
      copy = std::make_shared<MemoryInode>(*inode);
      copy->locked = false;
      const bool keep_size = plan.sectors == Sectors::all || plan.sectors == Sectors::drop_one ||
                             (plan.sectors != Sectors::none && random() % 2 == 0);
      if (inode->size_dirty && keep_size) copy->durable.resize(inode->cached.size());
    }
    return copy;
  };
  const auto sectors = unsynced_sectors();
  const std::size_t torn = sectors.empty() ? 0 : random() % sectors.size();
  for (std::size_t i = 0; i < sectors.size(); ++i) {
    const InodePtr copy = copy_of(sectors[i].first);
    bool keep = plan.sectors == Sectors::all;
    if (plan.sectors == Sectors::drop_one) keep = i != plan.index;
    if (plan.sectors == Sectors::keep_one) keep = i == plan.index;
    if (plan.sectors == Sectors::random || plan.sectors == Sectors::torn) keep = random() % 2 == 0;
    if (plan.sectors == Sectors::torn && i == torn) {
      copy->keep_sector(sectors[i].second, random() % kMemorySector);
    } else if (keep) {
      copy->keep_sector(sectors[i].second);
    }
  }
  image->now_.directories = image->durable_.directories = names.directories;
  for (const auto& [path, inode] : names.files) {
    const InodePtr copy = copy_of(inode);
    image->now_.files[path] = image->durable_.files[path] = copy;
  }
  for (const auto& [path, inode] : image->now_.files) {
    inode->cached = inode->durable;
    inode->dirty.clear();
    inode->size_dirty = inode->cache_lies = false;
  }
  return image;
}

std::unique_ptr<MemoryFileSystem> MemoryFileSystem::kill() const {
  std::lock_guard lock(mutex_);
  auto image = std::make_unique<MemoryFileSystem>();
  std::map<const MemoryInode*, InodePtr> copies;
  auto copy_of = [&](const InodePtr& inode) -> InodePtr {
    if (!inode) return nullptr;
    InodePtr& copy = copies[inode.get()];
    if (!copy) {
      copy = std::make_shared<MemoryInode>(*inode);
      copy->locked = false;
    }
    return copy;
  };
  image->capacity_ = capacity_;
  image->next_inode_ = next_inode_;
  image->now_.directories = now_.directories;
  image->durable_.directories = durable_.directories;
  for (const auto& [path, inode] : now_.files) image->now_.files[path] = copy_of(inode);
  for (const auto& [path, inode] : durable_.files) image->durable_.files[path] = copy_of(inode);
  for (const NameChange& change : pending_) {
    image->pending_.push_back({change.kind, change.path, change.to, copy_of(change.inode)});
  }
  return image;
}

static std::uint64_t mix(std::uint64_t hash, ByteView bytes) {
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
  }
  for (; i < bytes.size(); ++i) hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
  return hash ^ bytes.size();
}

std::uint64_t MemoryFileSystem::durable_hash() const {
  std::lock_guard lock(mutex_);
  std::uint64_t hash = 0x517cc1b727220a95ULL;
  for (const auto& [path, inode] : durable_.files) hash = mix(mix(hash, as_bytes(path)), inode->durable);
  return hash;
}

Buffer MemoryFileSystem::content(const std::string& path) const {
  std::lock_guard lock(mutex_);
  const auto found = now_.files.find(path);
  return found == now_.files.end() ? Buffer() : found->second->cached;
}

void MemoryFileSystem::set_content(const std::string& path, ByteView bytes) {
  std::lock_guard lock(mutex_);
  InodePtr& inode = now_.files[path];
  if (!inode) {
    inode = std::make_shared<MemoryInode>();
    inode->id = next_inode_++;
  }
  inode->cached = inode->durable = to_buffer(bytes);
  inode->dirty.clear();
  inode->size_dirty = false;
  durable_.files[path] = inode;
  for (std::string at = parent_path(path); !now_.directories.contains(at); at = parent_path(at)) {
    now_.directories.insert(at);
    durable_.directories.insert(at);
  }
}

void MemoryFileSystem::overwrite(const std::string& path, std::uint64_t position, ByteView bytes) {
  std::lock_guard lock(mutex_);
  MemoryInode& inode = *now_.files.at(path);
  for (Buffer* target : {&inode.cached, &inode.durable}) {
    for (std::size_t i = 0; i < bytes.size() && position + i < target->size(); ++i) (*target)[position + i] = bytes[i];
  }
}

std::vector<std::string> MemoryFileSystem::paths() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> paths;
  for (const auto& [path, inode] : now_.files) paths.push_back(path);
  return paths;
}

}  // namespace forebay::test
