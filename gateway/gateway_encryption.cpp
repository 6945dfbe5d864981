#include "gateway/gateway_encryption.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace forebay::gateway {
namespace {

constexpr std::string_view kDefaultName = "alias/aws/kinesis";
constexpr const char* kCredential = "forebay-encryption-key";
constexpr std::uint64_t kFileBytesMax = 4096;

Error bad_file(const std::string& path, const std::string& sentence) {
  return Error{Errc::invalid_argument, "encryption key file " + path + " " + sentence};
}

/// Nobody but this user (or root) may read or replace it.
Result<void> check_owner(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return bad_file(path, "cannot be read: " + errno_error(errno, path).context);
  if (!S_ISREG(facts.st_mode)) return bad_file(path, "is no regular file");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return bad_file(path, "is open to group or others; chmod 600 " + path);
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0)
    return bad_file(path, "belongs to another user (" + std::to_string(facts.st_uid) +
                              "), who could replace it; chown it to the user of the gateway or to root");
  return {};
}

Result<CipherKey> read_key(FileSystem& files, const std::string& path) {
  auto text = read_file(files, path, kFileBytesMax);
  if (!text) return bad_file(path, "cannot be read: " + text.error().context);
  auto key = parse_cipher_key(as_text(*text));
  wipe(*text);
  if (!key) return bad_file(path, key.error().context);
  return key;
}

/// Empty: systemd passed none. Its folder is closed to others, so the file's own mode says nothing.
std::string credential_path(FileSystem& files) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0') return {};
  std::string path = join_path(folder, kCredential);
  const auto there = files.stat(path);
  return there && *there ? path : std::string();
}

}  // namespace

Result<std::vector<log::KeyRing::NamedKey>> load_encryption_keys(FileSystem& files, const EncryptionOptions& options) {
  std::vector<log::KeyRing::NamedKey> keys;
  std::vector<EncryptionOptions::NamedFile> owned = options.named;
  if (!options.key_file.empty()) {
    owned.push_back({std::string(kDefaultName), options.key_file});
  } else if (const std::string path = credential_path(files); !path.empty()) {
    FB_TRY(CipherKey key, read_key(files, path));
    keys.push_back({std::string(kDefaultName), key});
  }
  for (const EncryptionOptions::NamedFile& one : owned) {
    FB_CHECK(check_owner(one.key_file));
    FB_TRY(CipherKey key, read_key(files, one.key_file));
    keys.push_back({one.name, key});
  }
  FB_TRY(const log::KeyRing ring, log::KeyRing::make(keys));
  (void)ring;
  return keys;
}

}  // namespace forebay::gateway
