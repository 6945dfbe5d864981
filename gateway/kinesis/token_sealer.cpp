#include "gateway/kinesis/token_sealer.h"

#include <algorithm>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr std::uint64_t kVersion = 1;  ///< written as the eight bytes 00..01 that real iterators begin with
constexpr std::size_t kHeaderBytes = 8 + 1 + 8 + 8;
constexpr std::size_t kSealBytes = sizeof(Sha256);
}  // namespace

std::string TokenSealer::seal(Kind kind, WallTime issued, std::uint64_t nonce, ByteView content) const {
  Buffer raw;
  raw.reserve(kHeaderBytes + content.size() + kSealBytes);
  ByteWriter writer(raw);
  writer.u64_be(kVersion);
  writer.u8(static_cast<std::uint8_t>(kind));
  writer.i64_be(to_millis(issued));
  writer.u64_be(nonce);
  writer.bytes(content);
  const Sha256 mac = hmac_sha256(ByteView(key_.data(), key_.size()), raw);
  writer.bytes(ByteView(mac.data(), mac.size()));
  return to_base64(raw);
}

std::optional<TokenSealer::Opened> TokenSealer::open(Kind kind, std::string_view token) const {
  if (token.size() >= 2 && token.front() == '"' && token.back() == '"') token = token.substr(1, token.size() - 2);
  Buffer raw;
  if (!from_base64(token, raw) || raw.size() < kHeaderBytes + kSealBytes) return std::nullopt;
  const ByteView sealed(raw.data(), raw.size() - kSealBytes);
  const Sha256 mac = hmac_sha256(ByteView(key_.data(), key_.size()), sealed);
  if (!equal_constant_time(ByteView(mac.data(), mac.size()), ByteView(raw).last(kSealBytes))) return std::nullopt;
  ByteReader reader(sealed);
  if (reader.u64_be() != kVersion || reader.u8() != static_cast<std::uint8_t>(kind)) return std::nullopt;
  Opened opened;
  opened.issued = from_millis(reader.i64_be());
  reader.skip(8);
  opened.content = to_buffer(reader.rest());
  return opened;
}

Result<Sha256> load_token_key(FileSystem& files, Entropy& entropy, const std::string& path) {
  Sha256 key{};
  FB_TRY(const std::optional<FileInfo> info, files.stat(path));
  if (!info) {
    entropy.fill(MutableBytes(key.data(), key.size()));
    FB_CHECK(replace_file(files, path, ByteView(key.data(), key.size())));
    return key;
  }
  FB_TRY(const Buffer bytes, read_file(files, path, 4096));
  if (bytes.size() != key.size())
    return Error{
        Errc::corrupt,
        path + " must hold 32 bytes; remove it to have a new one made (clients then ask for new shard iterators)"};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace forebay::gateway::kinesis
