#include "gateway/delivery/objects/object_identity.h"

#include "base/byte_writer.h"
#include "base/hex.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kRandomStringSize = 11;

/// With its length, so that no two lists of texts give the same bytes.
void add_text(ByteWriter& out, std::string_view text) {
  out.u32_be(static_cast<std::uint32_t>(text.size()));
  out.text(text);
}

}  // namespace

ObjectIdentity::ObjectIdentity(const Cut& cut, std::string_view partition, std::string_view making) {
  Buffer bytes;
  ByteWriter out(bytes);
  add_text(out, "forebay object 1");
  add_text(out, cut.source.account);
  add_text(out, cut.source.delivery);
  add_text(out, cut.source.stream);
  out.u64_be(cut.source.stream_id.value());
  out.u32_be(cut.source.shard.value());
  out.u64_be(cut.source.timeline);
  out.i64_be(cut.first.value());
  out.i64_be(cut.last.value());
  add_text(out, cut.replay);
  add_text(out, partition);
  add_text(out, making);
  digest_ = sha256(bytes);
}

std::string ObjectIdentity::uuid() const {
  Buffer bytes(digest_.begin(), digest_.begin() + 16);
  bytes[6] = static_cast<std::uint8_t>(0x80 | (bytes[6] & 0x0f));
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
  std::string text = to_hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

std::string ObjectIdentity::random_string(std::size_t occurrence) const {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  Buffer bytes(digest_.begin(), digest_.end());
  ByteWriter(bytes).u64_be(occurrence);
  const Sha256 digest = sha256(bytes);
  std::string text;
  for (std::size_t i = 0; i < kRandomStringSize; ++i) text += kAlphabet[digest[i] % kAlphabet.size()];
  return text;
}

}  // namespace forebay::gateway::delivery
