#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/delivery/stores/credentials.h"

namespace forebay::gateway::delivery {

/// Key out of a file's text; both forms, lines of `name = value`, value in double quotes or bare, '#' and ';' begin
/// comments:
///     access_key_id = "..."            [default]
///     secret_access_key = "..."        aws_access_key_id = ...
///     session_token = "..."            aws_secret_access_key = ...
/// Lines before any [PROFILE] belong to every profile; other names are passed over, as AWS's own tools do.
/// Errors  invalid_argument with the line; not_found: no key in that profile. No text holds a value.
Result<wire::aws::Credentials> parse_credential_file(std::string_view text, std::string_view profile,
                                                     const std::string& name);

/// Reads the file when it is first asked for, and again when size or time changed, at most once a second.
class FileCredentials final : public CredentialSource {
 public:
  /// `private_folder`: the folder keeps others out whatever the file's mode ($CREDENTIALS_DIRECTORY of systemd); else
  /// the file must be closed to group and others.
  FileCredentials(FileSystem& files, const Clock& clock, std::string path, std::string profile, bool private_folder);
  Result<wire::aws::Credentials> get() override;
  void refused(const wire::aws::Credentials& credentials) override;

 private:
  Result<wire::aws::Credentials> read(const FileInfo& info);

  FileSystem& files_;
  const Clock& clock_;
  const std::string path_;
  const std::string profile_;
  const bool private_folder_;
  std::mutex mutex_;
  std::optional<wire::aws::Credentials> held_;
  FileInfo read_info_;
  SteadyTime checked_;
};

}  // namespace forebay::gateway::delivery
