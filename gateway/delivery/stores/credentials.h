#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/file_system.h"
#include "base/http_client.h"
#include "base/result.h"
#include "wire/aws/credentials.h"

namespace forebay::gateway::delivery {

/// Where requests get their access key from. Keys are never logged and stand in no error text.
/// Threads  any.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// A key that is valid now; may block for seconds. Errors  not_found, permission, invalid_argument: there is none and
  /// why; unavailable, timed_out: ask again later.
  virtual Result<wire::aws::Credentials> get() = 0;
  /// The store refused this key as expired or unknown: the next get() looks for a newer one.
  virtual void refused(const wire::aws::Credentials& credentials) = 0;
};

/// Value of an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// One key for good.
std::unique_ptr<CredentialSource> fixed_credentials(wire::aws::Credentials credentials);

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, read once. Errors  not_found: names what is missing.
Result<std::unique_ptr<CredentialSource>> environment_credentials(const Environment& environment);

/// A file, read again when it changed: see credential_file.h.
std::unique_ptr<CredentialSource> file_credentials(FileSystem& files, const Clock& clock, std::string path,
                                                   std::string profile, bool private_folder);

/// The machine's role: see instance_credentials.h. `metadata_url` is the service's, http://HOST.
std::unique_ptr<CredentialSource> instance_credentials(std::unique_ptr<HttpClient> http, const Clock& clock,
                                                       std::string metadata_url);

}  // namespace forebay::gateway::delivery
