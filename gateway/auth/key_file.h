#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/file_system.h"
#include "base/result.h"
#include "gateway/auth/access_key.h"

namespace forebay::gateway::auth {

/// Two forms of key file, both mode 0600:
///
/// admin.key holds one key, in the form the command line and the agent read (wire/aws/key_file.h).
///
/// keys.json holds any number:
///     {"keys": [{"access_key_id": "...", "secret_access_key": "...", "role": "device", "device": "press-*"},
///               {"access_key_id": "...", "secret_access_key": "...", "role": "user", "account": "111122223333",
///                "policy": {"Statement": [...]}, "note": "dashboards"}]}

/// Errors  invalid_argument, naming file and line, or corrupt, naming the member. A session_token is read over.
Result<AccessKey> parse_single_key(std::string_view text, std::string_view file);
Result<std::vector<AccessKey>> parse_key_list(std::string_view text);
std::string format_single_key(const AccessKey& key);
std::string format_key_list(std::span<const AccessKeyPtr> keys);

/// Errors  corrupt, naming the member that is wrong.
Result<void> check_key(const AccessKey& key);

/// A new id and secret; role admin.
AccessKey make_access_key(Entropy& entropy);

/// Refuses a file that others can read. Errors  permission, with the command that repairs it.
Result<void> check_private(const std::string& path);

/// Reads a key file of either form; it must be private.
Result<std::vector<AccessKey>> read_key_file(FileSystem& files, const std::string& path);

}  // namespace forebay::gateway::auth
