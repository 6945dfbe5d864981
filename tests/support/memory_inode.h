#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace forebay::test {

inline constexpr std::size_t kMemorySector = 512;

/// One file of MemoryFileSystem: what programs see (`cached`) and what a power cut leaves (`durable`).
struct MemoryInode {
  std::uint64_t id = 0;
  Buffer cached;
  Buffer durable;
  std::vector<bool> dirty;      ///< per sector: written and not synced
  bool size_dirty = false;      ///< the size changed and was not synced
  bool cache_lies = false;      ///< a failed sync marked pages clean that never reached the disk
  bool locked = false;

  void mark_dirty(std::uint64_t from, std::uint64_t to);
  [[nodiscard]] std::vector<std::size_t> dirty_sectors() const;
  void write(std::uint64_t position, ByteView bytes);
  void resize(std::uint64_t size);
  void sync();
  /// The sync failed: nothing reached the disk, and the pages count as clean from now on.
  void fail_sync();
  void drop_cache();
  /// Copies bytes [0, bytes) of one cached sector over the durable ones.
  void keep_sector(std::size_t sector, std::size_t bytes = kMemorySector);
};

inline void MemoryInode::mark_dirty(std::uint64_t from, std::uint64_t to) {
  const std::size_t sectors = (cached.size() + kMemorySector - 1) / kMemorySector;
  if (dirty.size() < sectors) dirty.resize(sectors);
  for (std::uint64_t at = from / kMemorySector; at * kMemorySector < to; ++at) {
    const std::uint64_t begin = at * kMemorySector;
    const std::uint64_t end = std::min<std::uint64_t>(begin + kMemorySector, cached.size());
    const bool same = end <= durable.size() && std::memcmp(&cached[begin], &durable[begin], end - begin) == 0;
    dirty[at] = !same;
  }
}

inline std::vector<std::size_t> MemoryInode::dirty_sectors() const {
  std::vector<std::size_t> sectors;
  for (std::size_t i = 0; i < dirty.size() && i * kMemorySector < cached.size(); ++i) {
    if (dirty[i]) sectors.push_back(i);
  }
  return sectors;
}

inline void MemoryInode::write(std::uint64_t position, ByteView bytes) {
  if (bytes.empty()) return;
  if (position + bytes.size() > cached.size()) resize(position + bytes.size());
  std::copy(bytes.begin(), bytes.end(), cached.begin() + static_cast<std::ptrdiff_t>(position));
  mark_dirty(position, position + bytes.size());
}

inline void MemoryInode::resize(std::uint64_t size) {
  const std::uint64_t old = cached.size();
  if (size == old) return;
  cached.resize(size);
  size_dirty = true;
  if (size > old) mark_dirty(old, size);
}

inline void MemoryInode::sync() {
  const std::uint64_t old = durable.size();
  durable.resize(cached.size());
  for (std::size_t i = 0; i * kMemorySector < cached.size(); ++i) {
    if ((i < dirty.size() && dirty[i]) || (i + 1) * kMemorySector > old) keep_sector(i);
  }
  dirty.assign(dirty.size(), false);
  size_dirty = false;
}

inline void MemoryInode::fail_sync() {
  dirty.assign(dirty.size(), false);
  size_dirty = false;
  cache_lies = true;
}

inline void MemoryInode::drop_cache() {
  if (!cache_lies) return;
  if (!size_dirty) cached.resize(durable.size());
  for (std::size_t i = 0; i * kMemorySector < cached.size(); ++i) {
    const std::size_t begin = i * kMemorySector;
    if ((i < dirty.size() && dirty[i]) || begin >= durable.size()) continue;
    std::memcpy(&cached[begin], &durable[begin],
                std::min({kMemorySector, cached.size() - begin, durable.size() - begin}));
  }
  cache_lies = false;
}

inline void MemoryInode::keep_sector(std::size_t sector, std::size_t bytes) {
  const std::size_t begin = sector * kMemorySector;
  const std::size_t end = std::min({begin + bytes, cached.size(), durable.size()});
  if (begin < end) std::memcpy(&durable[begin], &cached[begin], end - begin);
}

}  // namespace forebay::test
