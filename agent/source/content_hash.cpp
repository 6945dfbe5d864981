#include "agent/source/content_hash.h"

#include "base/assert.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace forebay::agent {

namespace {

// Multiply and fold: one word in about five cycles, every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
  const std::uint64_t a = state ^ word ^ 0x9E3779B97F4A7C15ULL;
  constexpr std::uint64_t b = 0xD6E8FEB86659FD93ULL;
#ifdef __SIZEOF_INT128__
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#else
  const std::uint64_t low = (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
  const std::uint64_t middle1 = (a >> 32) * (b & 0xFFFFFFFF) + (low >> 32);
  const std::uint64_t middle2 = (a & 0xFFFFFFFF) * (b >> 32) + (middle1 & 0xFFFFFFFF);
  return (a * b) ^ ((a >> 32) * (b >> 32) + (middle1 >> 32) + (middle2 >> 32));
#endif
}

std::uint64_t load_le(const std::uint8_t* p) { return ByteReader(ByteView(p, 8)).u64_le(); }

}  // namespace

void ContentHash::update(ByteView bytes) {
  std::size_t i = 0;
  for (; i < bytes.size() && length_ % 8 != 0; ++i) {
    pending_ |= static_cast<std::uint64_t>(bytes[i]) << (8 * (length_ % 8));
    if (++length_ % 8 == 0) {
      state_ = mix(state_, pending_);
      pending_ = 0;
    }
  }
  std::uint64_t state = state_;
  const std::size_t begin = i;
  for (; i + 8 <= bytes.size(); i += 8) state = mix(state, load_le(bytes.data() + i));
  state_ = state;
  length_ += i - begin;
  for (; i < bytes.size(); ++i, ++length_) pending_ |= static_cast<std::uint64_t>(bytes[i]) << (8 * (length_ % 8));
}

std::uint64_t ContentHash::value() const { return mix(mix(state_, pending_), length_); }

void ContentHash::encode(Buffer& out) const {
  ByteWriter writer(out);
  writer.u64_le(state_);
  writer.u64_le(pending_);
  writer.u64_le(length_);
}

ContentHash ContentHash::decode(ByteView state) {
  FB_ASSERT(state.size() == kStateSize);
  ByteReader reader(state);
  ContentHash hash;
  hash.state_ = reader.u64_le();
  hash.pending_ = reader.u64_le();
  hash.length_ = reader.u64_le();
  return hash;
}

std::uint64_t content_hash(ByteView bytes) {
  ContentHash hash;
  hash.update(bytes);
  return hash.value();
}

}  // namespace forebay::agent
