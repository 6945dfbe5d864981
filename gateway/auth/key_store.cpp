#include "gateway/auth/key_store.h"

#include "gateway/auth/key_file.h"

namespace forebay::gateway::auth {

namespace {
Result<bool> exists(FileSystem& files, const std::string& path) {
  FB_TRY(const std::optional<FileInfo> info, files.stat(path));
  return info.has_value();
}
}  // namespace

Result<KeyStore::Loaded> KeyStore::load(FileSystem& files, Entropy& entropy, const Paths& paths) {
  FB_TRY(const bool has_admin_key, exists(files, paths.admin_key));
  FB_TRY(const bool has_list, exists(files, paths.key_list));
  Loaded loaded;
  std::vector<std::string> present;
  if (!has_admin_key && !has_list && paths.extra.empty()) {
    const std::string text = format_single_key(make_access_key(entropy));
    FB_CHECK(replace_file(files, paths.admin_key, as_bytes(text)));
    loaded.admin_key_made = true;
  }
  if (has_admin_key || loaded.admin_key_made) present.push_back(paths.admin_key);
  if (has_list) present.push_back(paths.key_list);
  if (!paths.extra.empty()) present.push_back(paths.extra);

  Keys keys;
  for (const std::string& path : present) {
    FB_TRY(std::vector<AccessKey> found, read_key_file(files, path));
    for (AccessKey& key : found) {
      std::string id = key.id;
      if (!keys.emplace(id, std::make_shared<const AccessKey>(std::move(key))).second)
        return Error{Errc::invalid_argument, path + ": access key " + id + " is there twice; remove one"};
    }
  }
  loaded.keys = keys.size();
  const std::scoped_lock lock(mutex_);
  keys_ = std::move(keys);
  return loaded;
}

void KeyStore::add(AccessKey key) {
  auto shared = std::make_shared<const AccessKey>(std::move(key));
  const std::scoped_lock lock(mutex_);
  keys_[shared->id] = shared;
}

AccessKeyPtr KeyStore::find(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : found->second;
}

std::size_t KeyStore::size() const {
  const std::scoped_lock lock(mutex_);
  return keys_.size();
}

}  // namespace forebay::gateway::auth
