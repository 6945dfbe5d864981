#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "base/file_system.h"
#include "base/result.h"
#include "gateway/auth/access_key.h"

namespace forebay::gateway::auth {

/// The access keys of this gateway: admin.key and keys.json of the data folder, and one more file when configured.
/// Threads  any.
class KeyStore {
 public:
  struct Paths {
    std::string admin_key;  ///< made at the first start when there is no key at all
    std::string key_list;   ///< may be missing
    std::string extra;      ///< empty: none; must exist otherwise
  };
  struct Loaded {
    std::size_t keys = 0;
    bool admin_key_made = false;
  };

  /// Reads all key files and replaces what was known. On an error the known keys stay.
  /// Errors  permission: a file is open to others; corrupt: with file and member.
  Result<Loaded> load(FileSystem& files, Entropy& entropy, const Paths& paths);
  /// For tests and tools.
  void add(AccessKey key);

  /// Null when there is no such key.
  [[nodiscard]] AccessKeyPtr find(std::string_view id) const;
  [[nodiscard]] std::size_t size() const;

 private:
  using Keys = std::map<std::string, AccessKeyPtr, std::less<>>;
  mutable std::mutex mutex_;
  Keys keys_;
};

}  // namespace forebay::gateway::auth
