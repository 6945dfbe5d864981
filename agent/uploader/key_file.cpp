#include "agent/uploader/key_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

namespace forebay::agent {
namespace {

constexpr std::uintmax_t kFileBytesMax = 64 * 1024;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<wire::aws::Credentials> read_key_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return errno_error(errno, "key file " + path);
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Error{Errc::permission, "key file " + path + " is open to group or others; chmod 600 " + path};
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return errno_error(errno, "key file " + path);
  if (static_cast<std::uintmax_t>(info.st_size) > kFileBytesMax)
    return Error{Errc::invalid_argument, "key file " + path + " is larger than 64 KiB"};
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  return parse_key_file(text, path);
}

Result<wire::aws::Credentials> parse_key_file(std::string_view text, const std::string& name) {
  wire::aws::Credentials credentials;
  std::size_t line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#' || line.front() == '[') continue;
    const auto bad = [&](const char* what) {
      return Error{Errc::invalid_argument, name + ":" + std::to_string(line_number) + ": " + what};
    };
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return bad("expected name = \"value\"");
    const std::string_view field = trimmed(line.substr(0, equals));
    std::string_view value = trimmed(line.substr(equals + 1));
    if (value.size() < 2 || value.front() != '"' || value.find('"', 1) != value.size() - 1)
      return bad("the value must stand in double quotes");
    value = value.substr(1, value.size() - 2);
    if (field == "access_key_id") credentials.access_key_id = value;
    else if (field == "secret_access_key") credentials.secret_access_key = value;
    else if (field == "session_token") credentials.session_token = value;
    else return bad("unknown name; expected access_key_id or secret_access_key");
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return Error{Errc::invalid_argument, name + ": access_key_id and secret_access_key are both needed"};
  return credentials;
}

}  // namespace forebay::agent
