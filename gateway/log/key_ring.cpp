#include "gateway/log/key_ring.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/digest.h"

namespace forebay::gateway::log {
namespace {

constexpr std::string_view kIdInfo = "forebay key id";
constexpr std::size_t kIdDigits = 8;

}  // namespace

std::string to_text(KeyId id) {
  std::uint8_t bytes[4];
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(id.value() >> (24 - 8 * i));
  return to_hex(bytes);
}

std::optional<KeyId> parse_key_id(std::string_view text) {
  if (text.size() != kIdDigits) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit ? c - '0' : c - 'a' + 10);
  }
  if (value == 0) return std::nullopt;
  return KeyId(value);
}

KeyId id_of(const CipherKey& key) {
  const CipherKey derived = derive_key(key, as_bytes(kIdInfo));
  const std::uint32_t value = ByteReader(derived.bytes()).u32_be();
  return KeyId(std::max<std::uint32_t>(value, 1));
}

Result<KeyRing> KeyRing::make(const std::vector<NamedKey>& keys) {
  KeyRing ring;
  for (const NamedKey& one : keys) {
    const KeyId id = id_of(one.key);
    const auto [known, is_new] = ring.keys_.emplace(id, one.key);
    if (!is_new && !equal_constant_time(known->second.bytes(), one.key.bytes()))
      return Error{Errc::invalid_argument,
                   "key " + one.name + " has the id " + to_text(id) + " of another one: make a new key in its place"};
    if (!ring.names_.emplace(one.name, id).second)
      return Error{Errc::invalid_argument, "there are two keys of the name " + one.name + "; rename or remove one"};
  }
  return ring;
}

const CipherKey* KeyRing::find(KeyId id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

std::optional<KeyId> KeyRing::named(std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

std::string KeyRing::summary() const {
  std::string text;
  for (const auto& [name, id] : names_) text += (text.empty() ? "" : ", ") + name + " (" + to_text(id) + ")";
  return text.empty() ? "none" : text;
}

}  // namespace forebay::gateway::log
