#include "gateway/log/data_key_cache.h"

#include "base/byte_writer.h"

namespace forebay::gateway::log {
namespace {

constexpr std::string_view kInfo = "forebay batch key 1";

}  // namespace

CipherKey DataKeyCache::get(KeyId id, const CipherKey& master, StreamId stream, std::uint64_t run) {
  const std::tuple place(id, stream, run);
  const std::scoped_lock lock(mutex_);
  if (const auto found = keys_.find(place); found != keys_.end()) return found->second;
  if (keys_.size() >= kKeysMax) keys_.clear();
  Buffer info;
  ByteWriter writer(info);
  writer.text(kInfo);
  writer.u64_le(stream.value());
  writer.u64_le(run);
  return keys_.emplace(place, derive_key(master, info)).first->second;
}

}  // namespace forebay::gateway::log
