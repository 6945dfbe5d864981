#include "gateway/log/key_ring.h"

#include <algorithm>
#include <set>

#include "base/byte_reader.h"
#include "base/digest.h"
#include "base/hex.h"

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
  FB_CHECK(ring.add(keys));
  return ring;
}

Result<std::size_t> KeyRing::add(const std::vector<NamedKey>& keys) {
  Keys next;
  next.by_id = keys_->get()->by_id;
  std::size_t added = 0;
  for (const NamedKey& one : keys) {
    const KeyId id = id_of(one.key);
    std::shared_ptr<const CipherKey>& known = next.by_id[id];
    if (known && !equal_constant_time(known->bytes(), one.key.bytes()))
      return Error{Errc::invalid_argument,
                   "key " + one.name + " has the id " + to_text(id) + " of another one: make a new key in its place"};
    if (!known) {
      known = std::make_shared<const CipherKey>(one.key);
      ++added;
    }
    if (!next.names.emplace(one.name, id).second)
      return Error{Errc::invalid_argument, "there are two keys of the name " + one.name + "; rename or remove one"};
  }
  keys_->set(std::make_shared<const Keys>(std::move(next)));
  return added;
}

const CipherKey* KeyRing::find(KeyId id) const {
  const auto keys = keys_->get();
  const auto found = keys->by_id.find(id);
  return found == keys->by_id.end() ? nullptr : found->second.get();
}

std::optional<KeyId> KeyRing::named(std::string_view name) const {
  const auto keys = keys_->get();
  const auto found = keys->names.find(name);
  if (found == keys->names.end()) return std::nullopt;
  return found->second;
}

std::string KeyRing::summary() const {
  const auto keys = keys_->get();
  std::string text;
  std::set<KeyId> named;
  for (const auto& [name, id] : keys->names) {
    text += (text.empty() ? "" : ", ") + name + " (" + to_text(id) + ")";
    named.insert(id);
  }
  for (const auto& [id, key] : keys->by_id)
    if (!named.contains(id)) text += (text.empty() ? "(" : ", (") + to_text(id) + ")";
  return text.empty() ? "none" : text;
}

}  // namespace forebay::gateway::log
