#include "agent/source/path_pattern.h"

#include <fnmatch.h>

#include <algorithm>
#include <set>

namespace forebay::agent {

namespace {

using Parts = std::vector<std::string>;

Parts split_path(std::string_view path) {
  Parts parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return parts;
}

bool part_matches(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
}

bool parts_match(const Parts& pattern, std::size_t p, const Parts& path, std::size_t n) {
  for (; p < pattern.size(); ++p, ++n) {
    if (pattern[p] == "**") {
      for (std::size_t skip = n; skip <= path.size(); ++skip) {
        if (parts_match(pattern, p + 1, path, skip)) return true;
        if (skip < path.size() && path[skip].starts_with('.')) return false;
      }
      return false;
    }
    if (n >= path.size() || !part_matches(pattern[p], path[n])) return false;
  }
  return n == path.size();
}

bool is_plain(const std::string& part) { return part.find_first_of("*?[\\") == std::string::npos; }

class Walk {
 public:
  Walk(FileWatcher& files, std::set<std::string>* folders, std::vector<std::string>* errors)
      : files_(files), folders_(folders), errors_(errors) {}

  void run(const Parts& pattern) { enter("", pattern, 0, 0); }
  std::set<std::string> paths;

 private:
  void enter(const std::string& folder, const Parts& pattern, std::size_t part, int depth) {
    if (depth > 64 || paths.size() > kFoundFilesMax) return;
    if (part == pattern.size()) {
      paths.insert(folder);
      return;
    }
    const bool last = part + 1 == pattern.size();
    if (is_plain(pattern[part]) && !last) return enter(folder + "/" + pattern[part], pattern, part + 1, depth + 1);
    const std::string here = folder.empty() ? "/" : folder;
    const auto entries = files_.list(here);
    if (!entries.ok()) {
      if (errors_ != nullptr && entries.error().code != Errc::not_found) errors_->push_back(entries.error().context);
      return;
    }
    if (folders_ != nullptr) folders_->insert(files_.resolve(here).value_or(here));
    const bool deep = pattern[part] == "**";
    if (deep) enter(folder, pattern, part + 1, depth + 1);
    for (const DirectoryEntry& entry : *entries) visit(folder, entry, pattern, part, deep, depth);
  }

  void visit(const std::string& folder, const DirectoryEntry& entry, const Parts& pattern, std::size_t part, bool deep,
             int depth) {
    const std::string path = folder + "/" + entry.name;
    if (deep) {
      if (entry.kind == FileKind::directory && !entry.name.starts_with('.')) enter(path, pattern, part, depth + 1);
      return;
    }
    if (!part_matches(pattern[part], entry.name)) return;
    const bool last = part + 1 == pattern.size();
    if (last) paths.insert(path);
    else if (entry.kind == FileKind::directory || entry.kind == FileKind::link)
      enter(path, pattern, part + 1, depth + 1);
  }

  FileWatcher& files_;
  std::set<std::string>* folders_;
  std::vector<std::string>* errors_;
};

}  // namespace

bool path_matches(std::string_view pattern, std::string_view path) {
  return parts_match(split_path(pattern), 0, split_path(path), 0);
}

FoundFiles find_files(FileWatcher& files, const std::vector<std::string>& patterns,
                      const std::vector<std::string>& exclude) {
  FoundFiles found;
  std::set<std::string> folders;
  Walk walk(files, &folders, &found.errors);
  for (const std::string& pattern : patterns) walk.run(split_path(pattern));
  std::set<std::string> real;
  for (const std::string& path : walk.paths) {
    const auto excluded = [&](const std::string& p) { return path_matches(p, path); };
    if (std::any_of(exclude.begin(), exclude.end(), excluded)) continue;
    const auto target = files.resolve(path);
    if (!target) continue;
    const auto facts = files.facts(*target);
    if (!facts.ok() || !facts->has_value() || (*facts)->kind != FileKind::regular) continue;
    real.insert(*target);
    folders.insert(target->substr(0, std::max<std::size_t>(1, target->rfind('/'))));
  }
  found.files.assign(real.begin(), real.end());
  if (found.files.size() > kFoundFilesMax) {
    found.errors.push_back("the patterns match more than " + std::to_string(kFoundFilesMax) +
                           " files; the rest is not followed");
    found.files.resize(kFoundFilesMax);
  }
  found.folders.assign(folders.begin(), folders.end());
  return found;
}

std::vector<std::string> expand_pattern(FileWatcher& files, const std::string& pattern) {
  const Parts parts = split_path(pattern);
  if (std::all_of(parts.begin(), parts.end(), is_plain)) return {pattern};
  Walk walk(files, nullptr, nullptr);
  walk.run(parts);
  return {walk.paths.begin(), walk.paths.end()};
}

}  // namespace forebay::agent
