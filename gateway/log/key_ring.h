#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cipher.h"
#include "base/result.h"
#include "base/strong_type.h"
#include "gateway/log/published.h"

namespace forebay::gateway::log {

/// Says which key something is encrypted with: derived from the key itself, so that a wrong key is never taken for the
/// right one and files name no configuration. 0: none.
using KeyId = StrongType<std::uint32_t, struct KeyIdTag>;

inline constexpr KeyId kNoKey{0};

/// Eight hexadecimal digits.
std::string to_text(KeyId id);
/// Empty: not eight hexadecimal digits, or no key.
std::optional<KeyId> parse_key_id(std::string_view text);
KeyId id_of(const CipherKey& key);

/// The keys this process was given, by id and by the names that people call them. Keys are added while it runs and never
/// taken away: something may still be encrypted with them.
/// Threads  any.
class KeyRing {
 public:
  struct NamedKey {
    std::string name;
    CipherKey key;
  };

  KeyRing() = default;
  /// One key may have several names. Errors  invalid_argument: a name stands twice, or two keys share an id.
  static Result<KeyRing> make(const std::vector<NamedKey>& keys);
  /// Takes the keys over, and their names in the place of all names before; the keys before stay, nameless if need be.
  /// Result  how many keys are new. Errors  as make(); nothing has changed then.
  Result<std::size_t> add(const std::vector<NamedKey>& keys);

  [[nodiscard]] bool empty() const { return keys_->get()->by_id.empty(); }
  /// Null: not here. The key lives as long as the ring.
  [[nodiscard]] const CipherKey* find(KeyId id) const;
  [[nodiscard]] std::optional<KeyId> named(std::string_view name) const;
  /// "alias/a (1a2b3c4d), alias/b (5e6f7a8b)", or "none": for people. Keys without a name stand at the end.
  [[nodiscard]] std::string summary() const;

 private:
  struct Keys {
    std::map<KeyId, std::shared_ptr<const CipherKey>> by_id;
    std::map<std::string, KeyId, std::less<>> names;
  };
  std::unique_ptr<Published<Keys>> keys_ = std::make_unique<Published<Keys>>();
};

}  // namespace forebay::gateway::log
