#include <algorithm>
#include <cstring>

#include "base/byte_writer.h"
#include "base/compression.h"
#include "base/crc32c.h"
#include "base/varint.h"
#include "wire/kafka/record_batch.h"

namespace forebay::wire::kafka {
namespace {

constexpr std::uint8_t kMagic = 2;
constexpr std::size_t kCrcPosition = 17;
constexpr std::size_t kCrcStart = 21;
/// Header count 1, key length and key, value length, value.
constexpr std::size_t kHashKeyHeaderSize = 1 + 1 + kHashKeyHeader.size() + 1 + 16;
constexpr std::size_t kRecordsSizeMax = std::size_t{0x7fffffff} - kBatchHeaderSize;

std::uint8_t* put_varint(std::uint8_t* p, std::int64_t value) {
  std::uint64_t raw = zigzag(value);
  while (raw >= 0x80) {
    *p++ = static_cast<std::uint8_t>(raw | 0x80);
    raw >>= 7;
  }
  *p++ = static_cast<std::uint8_t>(raw);
  return p;
}

std::uint8_t* put_bytes(std::uint8_t* p, const void* bytes, std::size_t size) {
  if (size != 0) std::memcpy(p, bytes, size);
  return p + size;
}

std::uint8_t* put_u64_be(std::uint8_t* p, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) *p++ = static_cast<std::uint8_t>(value >> shift);
  return p;
}

std::uint8_t* put_hash_key_header(std::uint8_t* p, HashKey key) {
  p = put_varint(p, 1);
  p = put_varint(p, static_cast<std::int64_t>(kHashKeyHeader.size()));
  p = put_bytes(p, kHashKeyHeader.data(), kHashKeyHeader.size());
  p = put_varint(p, 16);
  p = put_u64_be(p, key.high);
  return put_u64_be(p, key.low);
}

}  // namespace

void RecordBatchBuilder::add(std::string_view key, ByteView value, std::int64_t timestamp_ms,
                             std::optional<HashKey> explicit_hash_key) {
  timestamp_ms = std::max<std::int64_t>(timestamp_ms, 0);
  if (count_ == 0) base_timestamp_ms_ = max_timestamp_ms_ = timestamp_ms;
  max_timestamp_ms_ = std::max(max_timestamp_ms_, timestamp_ms);
  const std::int64_t delta = timestamp_ms - base_timestamp_ms_;
  const auto key_size = static_cast<std::int64_t>(key.size());
  const auto value_size = static_cast<std::int64_t>(value.size());
  const std::size_t body = 1 + varint_size(delta) + varint_size(count_) + varint_size(key_size) + key.size() +
                           varint_size(value_size) + value.size() + (explicit_hash_key ? kHashKeyHeaderSize : 1);
  const std::size_t start = records_.size();
  const std::size_t total = varint_size(static_cast<std::int64_t>(body)) + body;
  FB_ASSERT(total <= kRecordsSizeMax && start <= kRecordsSizeMax - total);
  records_.resize(start + total);
  std::uint8_t* p = put_varint(records_.data() + start, static_cast<std::int64_t>(body));
  *p++ = 0;
  p = put_varint(p, delta);
  p = put_varint(p, count_);
  p = put_varint(p, key_size);
  p = put_bytes(p, key.data(), key.size());
  p = put_varint(p, value_size);
  p = put_bytes(p, value.data(), value.size());
  if (explicit_hash_key)
    put_hash_key_header(p, *explicit_hash_key);
  else
    *p = 0;
  ++count_;
}

void RecordBatchBuilder::finish(Codec codec, Buffer& out) {
  FB_ASSERT(count_ > 0);
  const std::size_t start = out.size();
  out.resize(start + kBatchHeaderSize);
  if (codec == Codec::lz4) {
    lz4_frame_compress(records_, out);
    if (out.size() - start - kBatchHeaderSize >= records_.size()) {
      out.resize(start + kBatchHeaderSize);
      codec = Codec::none;
    }
  }
  if (codec == Codec::none) append(out, records_);

  Buffer header;
  header.reserve(kBatchHeaderSize);
  ByteWriter writer(header);
  writer.i64_be(0);
  writer.i32_be(static_cast<std::int32_t>(out.size() - start - kBatchPrefixSize));
  writer.i32_be(-1);
  writer.u8(kMagic);
  writer.u32_be(0);
  writer.u16_be(static_cast<std::uint16_t>(codec));
  writer.i32_be(count_ - 1);
  writer.i64_be(base_timestamp_ms_);
  writer.i64_be(max_timestamp_ms_);
  writer.i64_be(-1);
  writer.u16_be(0xffff);
  writer.i32_be(-1);
  writer.i32_be(count_);
  FB_ASSERT(header.size() == kBatchHeaderSize);
  std::copy(header.begin(), header.end(), out.begin() + static_cast<std::ptrdiff_t>(start));
  ByteWriter(out).patch_u32_be(start + kCrcPosition, crc32c(ByteView(out).subspan(start + kCrcStart)));
  clear();
}

void RecordBatchBuilder::clear() {
  records_.clear();
  count_ = 0;
  base_timestamp_ms_ = 0;
  max_timestamp_ms_ = 0;
}

}  // namespace forebay::wire::kafka
