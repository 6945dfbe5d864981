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

  /// Changes of keys.json, on disk before they count (the file is read again by a restart and by SIGHUP).
  /// create()      Errors  invalid_argument; already_exists; io.
  /// revoke()      Errors  not_found; conflict: the key stands in another file, which is edited by hand.
  /// set_policy()  null: what the role allows. Errors  as revoke(); invalid_argument: a user key needs one.
  Result<AccessKeyPtr> create(AccessKey key);
  Result<void> revoke(std::string_view id);
  Result<AccessKeyPtr> set_policy(std::string_view id, std::shared_ptr<const Policy> policy);
  /// Sorted by id.
  [[nodiscard]] std::vector<AccessKeyPtr> list() const;

  /// Null when there is no such key.
  [[nodiscard]] AccessKeyPtr find(std::string_view id) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    AccessKeyPtr key;
    bool listed = false;  ///< stands in keys.json
  };
  using Keys = std::map<std::string, Entry, std::less<>>;
  /// Writes keys.json as `keys` want it, then takes them over. Called with change_mutex_ held.
  Result<void> replace(Keys keys);
  Result<Entry> changeable(std::string_view id) const;

  std::mutex change_mutex_;  ///< one change at a time; never taken with mutex_ held
  FileSystem* files_ = nullptr;
  std::string list_path_;
  mutable std::mutex mutex_;
  Keys keys_;
};

}  // namespace forebay::gateway::auth
