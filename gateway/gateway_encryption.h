#pragma once

#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "gateway/log/key_ring.h"

namespace forebay::gateway {

/// Where the keys of encryption at rest lie; docs/ENCRYPTION.md.
struct EncryptionOptions {
  struct NamedFile {
    std::string name;  ///< "alias/NAME" or a UUID
    std::string key_file;
  };
  std::string
      key_file;  ///< of the key that clients call alias/aws/kinesis; empty: systemd's credential, if there is one
  std::vector<NamedFile> named;
};

/// Reads all key files. Result  nothing when nothing is configured.
/// Errors  invalid_argument: naming the file: it is missing, open to others, owned by another user, or holds no key.
Result<std::vector<log::KeyRing::NamedKey>> load_encryption_keys(FileSystem& files, const EncryptionOptions& options);

}  // namespace forebay::gateway
