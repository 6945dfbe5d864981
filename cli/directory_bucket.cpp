#include "cli/directory_bucket.h"

#include <algorithm>
#include <vector>

#include "wire/s3/location.h"

namespace forebay::cli {
namespace {

constexpr std::string_view kPartialFolder = ".forebay-partial";
constexpr int kDepthMax = 128;

struct Found {
  std::string key;  ///< of folders with '/', so that names sort as keys do
  FileInfo info;
};

/// True when keys that begin with `start` may begin with `prefix`.
bool may_hold(std::string_view start, std::string_view prefix) {
  const std::size_t common = std::min(start.size(), prefix.size());
  return start.substr(0, common) == prefix.substr(0, common);
}

}  // namespace

Result<std::string> DirectoryBucket::path_of(const std::string& key) const {
  if (auto checked = wire::s3::check_key(key); !checked) return std::move(checked).error().with_context(folder_);
  return join_path(folder_, key);
}

Result<void> DirectoryBucket::list_folder(const std::string& key_so_far, const std::string& prefix, const Each& each,
                                          int depth) {
  if (depth > kDepthMax) return Error{Errc::corrupt, join_path(folder_, key_so_far) + ": folders are too deep"};
  const std::string_view below =
      std::string_view(key_so_far).substr(0, key_so_far.size() - (key_so_far.empty() ? 0 : 1));
  const std::string folder = below.empty() ? folder_ : join_path(folder_, below);
  FB_TRY(const auto names, files_.list(folder));
  std::vector<Found> found;
  for (const std::string& name : names) {
    if (key_so_far.empty() && name == kPartialFolder) continue;
    FB_TRY(const auto info, files_.stat(join_path(folder, name)));
    if (info) found.push_back({key_so_far + name + (info->is_directory ? "/" : ""), *info});
  }
  std::ranges::sort(found, {}, &Found::key);
  for (const Found& one : found) {
    if (!may_hold(one.key, prefix)) continue;
    if (one.info.is_directory) {
      FB_CHECK(list_folder(one.key, prefix, each, depth + 1));
    } else if (one.key.starts_with(prefix)) {
      FB_CHECK(each({one.key, one.info.size, one.info.modified}));
    }
  }
  return {};
}

Result<void> DirectoryBucket::list(const std::string& prefix, const Each& each) {
  return list_folder("", prefix, each, 0);
}

Result<std::optional<Buffer>> DirectoryBucket::get(const std::string& key, std::uint64_t bytes_max) {
  FB_TRY(const std::string path, path_of(key));
  auto bytes = read_file(files_, path, bytes_max);
  if (bytes) return std::optional(*std::move(bytes));
  if (bytes.error().code == Errc::not_found) return std::optional<Buffer>();
  return std::move(bytes).error();
}

Result<std::optional<std::uint64_t>> DirectoryBucket::size(const std::string& key) {
  FB_TRY(const std::string path, path_of(key));
  FB_TRY(const auto info, files_.stat(path));
  if (!info || info->is_directory) return std::optional<std::uint64_t>();
  return std::optional(info->size);
}

}  // namespace forebay::cli
