#include "agent/uploader/key_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include "wire/aws/key_file.h"

namespace forebay::agent {
namespace {

constexpr std::uintmax_t kFileBytesMax = 64 * 1024;

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
  return wire::aws::parse_key_file(text, "key file " + path);
}

}  // namespace forebay::agent
