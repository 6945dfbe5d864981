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
  const std::scoped_lock changing(change_mutex_);
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
      if (!keys.emplace(id, Entry{std::make_shared<const AccessKey>(std::move(key)), path == paths.key_list}).second)
        return Error{Errc::invalid_argument, path + ": access key " + id + " is there twice; remove one"};
    }
  }
  loaded.keys = keys.size();
  files_ = &files;
  list_path_ = paths.key_list;
  const std::scoped_lock lock(mutex_);
  keys_ = std::move(keys);
  return loaded;
}

void KeyStore::add(AccessKey key) {
  auto shared = std::make_shared<const AccessKey>(std::move(key));
  const std::scoped_lock lock(mutex_);
  keys_[shared->id] = Entry{shared, false};
}

Result<void> KeyStore::replace(Keys keys) {
  std::vector<AccessKeyPtr> listed;
  for (const auto& [id, entry] : keys)
    if (entry.listed) listed.push_back(entry.key);
  const std::string text = format_key_list(listed);
  FB_CHECK(replace_file(*files_, list_path_, as_bytes(text)));
  const std::scoped_lock lock(mutex_);
  keys_ = std::move(keys);
  return {};
}

Result<KeyStore::Entry> KeyStore::changeable(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(id);
  if (found == keys_.end()) return Error{Errc::not_found, "there is no access key " + std::string(id)};
  if (!found->second.listed)
    return Error{Errc::conflict, "access key " + std::string(id) + " does not stand in " + list_path_ +
                                     "; change its own file on the gateway and send the process a SIGHUP"};
  return found->second;
}

Result<AccessKeyPtr> KeyStore::create(AccessKey key) {
  const std::scoped_lock changing(change_mutex_);
  FB_CHECK(check_key(key));
  auto shared = std::make_shared<const AccessKey>(std::move(key));
  Keys keys;
  {
    const std::scoped_lock lock(mutex_);
    keys = keys_;
  }
  if (!keys.emplace(shared->id, Entry{shared, true}).second)
    return Error{Errc::already_exists, "access key " + shared->id + " exists already"};
  FB_CHECK(replace(std::move(keys)));
  return AccessKeyPtr(shared);
}

Result<void> KeyStore::revoke(std::string_view id) {
  const std::scoped_lock changing(change_mutex_);
  FB_CHECK(changeable(id));
  Keys keys;
  {
    const std::scoped_lock lock(mutex_);
    keys = keys_;
  }
  keys.erase(keys.find(id));
  return replace(std::move(keys));
}

Result<AccessKeyPtr> KeyStore::set_policy(std::string_view id, std::shared_ptr<const Policy> policy) {
  const std::scoped_lock changing(change_mutex_);
  FB_TRY(const Entry entry, changeable(id));
  AccessKey changed = *entry.key;
  changed.policy = std::move(policy);
  FB_CHECK(check_key(changed));
  auto shared = std::make_shared<const AccessKey>(std::move(changed));
  Keys keys;
  {
    const std::scoped_lock lock(mutex_);
    keys = keys_;
  }
  keys.find(id)->second.key = shared;
  FB_CHECK(replace(std::move(keys)));
  return AccessKeyPtr(shared);
}

std::vector<AccessKeyPtr> KeyStore::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<AccessKeyPtr> all;
  for (const auto& [id, entry] : keys_) all.push_back(entry.key);
  return all;
}

AccessKeyPtr KeyStore::find(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : found->second.key;
}

std::size_t KeyStore::size() const {
  const std::scoped_lock lock(mutex_);
  return keys_.size();
}

}  // namespace forebay::gateway::auth
