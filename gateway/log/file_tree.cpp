#include "gateway/log/file_tree.h"

namespace forebay::gateway::log {
namespace {

constexpr int kDepthMax = 4;  ///< streams/<stream>/<shard>/<file>

Result<void> remove_below(FileSystem& files, const std::string& path, int depth) {
  FB_TRY(const auto info, files.stat(path));
  if (!info) return {};
  if (!info->is_directory) return files.remove(path);
  if (depth == kDepthMax) return Error{Errc::io, path + ": folders nested deeper than the gateway makes them"};
  FB_TRY(const auto names, files.list(path));
  for (const std::string& name : names) FB_CHECK(remove_below(files, join_path(path, name), depth + 1));
  return files.remove_directory(path);
}

}  // namespace

Result<void> remove_tree(FileSystem& files, const std::string& path) { return remove_below(files, path, 0); }

}  // namespace forebay::gateway::log
