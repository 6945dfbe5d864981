#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file_watcher.h"

namespace forebay::agent {

/// True when the path matches: "*", "?" and "[a-z]" stay within one part of the path, a part "**" stands for any number
/// of parts, and a leading dot is matched only by a dot.
bool path_matches(std::string_view pattern, std::string_view path);

/// Files found by patterns.
struct FoundFiles {
  std::vector<std::string> files;    ///< regular files, links resolved, sorted, each once
  std::vector<std::string> folders;  ///< real folders where a new match could appear or a link may change
  std::vector<std::string> errors;   ///< folders that could not be read, with the reason
};

/// Walks the folders that the absolute patterns name, links included; `**` does not follow links to folders.
/// Shape    at most kFoundFilesMax files; more are reported as an error, in the order of their names.
FoundFiles find_files(FileWatcher& files, const std::vector<std::string>& patterns,
                      const std::vector<std::string>& exclude);
inline constexpr std::size_t kFoundFilesMax = 100'000;

/// Paths of anything that matches one pattern, sorted, links kept as they are: for sensors.
std::vector<std::string> expand_pattern(FileWatcher& files, const std::string& pattern);

}  // namespace forebay::agent
