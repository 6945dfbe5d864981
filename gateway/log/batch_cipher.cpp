#include "gateway/log/batch_cipher.h"

#include "gateway/log/stream_keys.h"
#include "wire/kafka/record_batch.h"

namespace forebay::gateway::log {
namespace {

/// Base offset, length and leader epoch, which the sequencer sets, stay readable; everything from the magic byte on,
/// the checksum of the records included, is encrypted.
constexpr std::size_t kOpenBytes = 16;
static_assert(kOpenBytes == wire::kafka::kBatchPrefixSize + 4);
constexpr std::string_view kPurpose = "forebay batch 1";

/// What ties the bytes to their place: neither another shard nor another length or count of records is taken for it.
Buffer bound_to(ShardId shard, std::uint32_t record_count, std::size_t length) {
  Buffer bound;
  bound.reserve(kPurpose.size() + 24);
  ByteWriter writer(bound);
  writer.text(kPurpose);
  writer.u64_le(shard.stream.value());
  writer.u32_le(shard.shard.value());
  writer.u32_le(record_count);
  writer.u64_le(length);
  return bound;
}

/// The run number stands in the first eight bytes of a nonce.
std::uint64_t run_of(const GcmNonce& nonce) { return ByteReader(nonce).u64_le(); }

/// Of batches that come back to be routed again: what is right for them now is found anew.
void unseal(std::vector<BatchPart>& parts) {
  for (BatchPart& part : parts) {
    if (!part.seal.is_set()) continue;
    part.seal = {};
    part.sealed = {};
  }
}

}  // namespace

BatchCipher::BatchCipher(std::shared_ptr<const KeyRing> keys, Entropy& entropy)
    : keys_(keys ? std::move(keys) : std::make_shared<const KeyRing>()), run_(entropy.next_u64()) {}

void BatchCipher::follow(const Directory& directory) {
  auto next = std::make_shared<StreamKeys>();
  for (const auto& [id, stream] : directory.streams)
    if (has_data_keys(stream->attributes))
      next->emplace(id, StreamKey{stream->definition.name, data_key_of(stream->attributes)});
  const bool used = !next->empty();
  streams_.set(std::move(next));
  used_.store(used, std::memory_order_release);
}

Result<void> BatchCipher::require(StreamId stream, KeyId key) const {
  if (keys_->find(key) != nullptr) return {};
  const auto streams = streams_.get();
  const auto known = streams->find(stream);
  const std::string name = known == streams->end() ? std::to_string(stream.value()) : known->second.name;
  return Error{Errc::permission, "stream " + name + " is encrypted with key " + to_text(key) +
                                     ", which this gateway does not have (keys it has: " + keys_->summary() +
                                     "): name the key's file in [encryption] and reload the gateway (SIGHUP)"};
}

GcmNonce BatchCipher::next_nonce() {
  const std::uint64_t count = count_.fetch_add(1, std::memory_order_relaxed);
  Buffer bytes;
  ByteWriter writer(bytes);
  writer.u64_le(run_ + (count >> 32));  // after 2^32 batches the next run number, and with it another data key
  writer.u32_le(static_cast<std::uint32_t>(count));
  GcmNonce nonce;
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

void BatchCipher::seal_parts(StreamId stream, KeyId key, std::vector<BatchPart>& parts) {
  const CipherKey& master = *keys_->find(key);
  for (BatchPart& part : parts) {
    FB_ASSERT(part.bytes.size() >= wire::kafka::kBatchHeaderSize);
    part.seal.key = key;
    part.seal.nonce = next_nonce();
    part.sealed = part.bytes;
    const Buffer bound = bound_to({stream, part.shard}, part.record_count, part.bytes.size());
    part.seal.tag = gcm_encrypt(data_keys_.get(key, master, stream, run_of(part.seal.nonce)), part.seal.nonce, bound,
                                MutableBytes(part.sealed).subspan(kOpenBytes));
  }
}

Result<void> BatchCipher::seal(Work& work) {
  auto* put = std::get_if<PutWork>(&work);
  auto* upload = std::get_if<UploadWork>(&work);
  if (put == nullptr && upload == nullptr) return {};
  if (put != nullptr) unseal(put->parts);
  if (!used_.load(std::memory_order_acquire)) return {};
  const auto streams = streams_.get();
  if (put != nullptr) {
    const auto known = streams->find(put->stream);
    if (known == streams->end() || known->second.key == kNoKey) return {};
    FB_CHECK(require(put->stream, known->second.key));
    seal_parts(put->stream, known->second.key, put->parts);
    return {};
  }
  for (LaneWork& lane : upload->lanes) {
    const auto known = streams->find(lane.key.stream);
    if (known == streams->end() || known->second.key == kNoKey) continue;
    lane.locked = keys_->find(known->second.key) == nullptr;
    if (!lane.locked) seal_parts(lane.key.stream, known->second.key, lane.parts);
  }
  return {};
}

Result<void> BatchCipher::open(ShardId shard, const SegmentRow& row, MutableBytes batch) const {
  if (!row.seal.is_set()) return {};
  FB_CHECK(require(shard.stream, row.seal.key));
  const CipherKey key = data_keys_.get(row.seal.key, *keys_->find(row.seal.key), shard.stream, run_of(row.seal.nonce));
  const Buffer bound = bound_to(shard, row.record_count, batch.size());
  if (batch.size() >= wire::kafka::kBatchHeaderSize &&
      gcm_decrypt(key, row.seal.nonce, bound, batch.subspan(kOpenBytes), row.seal.tag))
    return {};
  return Error{Errc::corrupt, "batch at offset " + std::to_string(row.base.value()) +
                                  " does not fit its authentication tag: it is damaged, or was moved"};
}

}  // namespace forebay::gateway::log
