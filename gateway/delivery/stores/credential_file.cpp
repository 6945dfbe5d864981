#include "gateway/delivery/stores/credential_file.h"

#include <algorithm>

namespace forebay::gateway::delivery {
namespace {

constexpr std::uint64_t kFileBytesMax = 64_KiB;
constexpr std::chrono::seconds kCheckEvery{1};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_clean(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

void take(wire::aws::Credentials& credentials, std::string_view name, std::string_view value) {
  if (name.starts_with("aws_")) name.remove_prefix(4);
  if (name == "access_key_id") credentials.access_key_id = value;
  if (name == "secret_access_key") credentials.secret_access_key = value;
  if (name == "session_token" || name == "security_token") credentials.session_token = value;
}

}  // namespace

Result<wire::aws::Credentials> parse_credential_file(std::string_view text, std::string_view profile,
                                                     const std::string& name) {
  wire::aws::Credentials credentials;
  bool ours = true;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto bad = [&](const char* what) {
      return Error{Errc::invalid_argument, name + ":" + std::to_string(line_number) + ": " + what};
    };
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']') return bad("a section must end in ']'");
      ours = trimmed(line.substr(1, line.size() - 2)) == profile;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return bad("expected name = value");
    const std::string_view value = unquoted(trimmed(line.substr(equals + 1)));
    if (!ours) continue;
    if (!is_clean(value)) return bad("the value has a blank or control character");
    take(credentials, trimmed(line.substr(0, equals)), value);
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return Error{Errc::not_found, name +
                                      ": needs access_key_id and secret_access_key, or aws_access_key_id and "
                                      "aws_secret_access_key in section [" +
                                      std::string(profile) + "]"};
  return credentials;
}

FileCredentials::FileCredentials(FileSystem& files, const Clock& clock, std::string path, std::string profile,
                                 bool private_folder)
    : files_(files),
      clock_(clock),
      path_(std::move(path)),
      profile_(std::move(profile)),
      private_folder_(private_folder) {}

Result<wire::aws::Credentials> FileCredentials::get() {
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock_.steady_now();
  if (held_ && now - checked_ < kCheckEvery) return *held_;
  FB_TRY(const auto info, files_.stat(path_));
  if (!info) return Error{Errc::not_found, "credentials file " + path_ + " does not exist"};
  checked_ = now;
  if (held_ && info->size == read_info_.size && info->modified == read_info_.modified) return *held_;
  FB_TRY(held_, read(*info));
  read_info_ = *info;
  return *held_;
}

Result<wire::aws::Credentials> FileCredentials::read(const FileInfo& info) {
  if (info.open_to_others && !private_folder_)
    return Error{Errc::permission, path_ + " holds secrets and is open to others; run: chmod 600 " + path_};
  FB_TRY(const Buffer bytes, read_file(files_, path_, kFileBytesMax));
  return parse_credential_file(as_text(bytes), profile_, path_);
}

void FileCredentials::refused(const wire::aws::Credentials&) {
  const std::lock_guard lock(mutex_);
  held_.reset();
}

std::unique_ptr<CredentialSource> file_credentials(FileSystem& files, const Clock& clock, std::string path,
                                                   std::string profile, bool private_folder) {
  return std::make_unique<FileCredentials>(files, clock, std::move(path), std::move(profile), private_folder);
}

}  // namespace forebay::gateway::delivery
