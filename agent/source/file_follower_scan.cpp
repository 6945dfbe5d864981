#include <algorithm>

#include "agent/source/file_follower.h"

namespace forebay::agent {

namespace {

constexpr std::string_view kPositionPrefix = "file/";
constexpr std::string_view kStartedPrefix = "files/";  // and a hash: a pattern that was followed before, see from_end

std::string folder_of(const std::string& path) { return path.substr(0, std::max<std::size_t>(1, path.rfind('/'))); }
std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
std::string pattern_mark(const std::string& pattern) { return std::to_string(content_hash(as_bytes(pattern))); }

}  // namespace

Result<void> FileFollower::restore(const std::map<std::string, Buffer>& positions, bool once) {
  once_ = once;
  const std::string mine = std::string(kPositionPrefix) + context_.options.stream + "/";
  const std::string started = std::string(kStartedPrefix) + context_.options.stream + "/";
  for (const auto& [source, bytes] : positions) {
    if (source.starts_with(started)) started_patterns_.insert(source.substr(started.size()));
    if (!source.starts_with(mine) || source.find('/', mine.size()) != std::string::npos) continue;
    auto position = FilePosition::decode(bytes);
    if (!position.ok() && position.error().code == Errc::unsupported) return std::move(position).error();
    if (!position.ok()) {
      context_.log.error("a stored file position is damaged; the file is read from its start again",
                         {{"source", source}});
      continue;
    }
    auto file = std::make_unique<FollowedFile>();
    file->source_name = source;
    file->position = std::move(position).value();
    file->name = name_of(file->position.path);
    file->restored = true;
    file->progress_at = context_.clock.steady_now();
    restored_[file->position.path].push_back(std::move(file));
  }
  return {};
}

// Another source may feed the same stream from other files: only what this one's patterns name is its own.
void FileFollower::activate_restored() {
  for (auto it = restored_.begin(); it != restored_.end();) {
    const std::string folder = folder_of(it->first);
    const auto names = wanted_.find(folder);
    const auto is_base = [&](const std::string& name) { return parse_rotation_name(name).base == name_of(it->first); };
    const auto matches = [&](const std::string& pattern) { return path_matches(pattern, it->first); };
    const bool mine = (names != wanted_.end() && std::any_of(names->second.begin(), names->second.end(), is_base)) ||
                      std::any_of(context_.options.paths.begin(), context_.options.paths.end(), matches);
    if (!mine) {
      ++it;
      continue;
    }
    wanted_[folder];
    for (auto& file : it->second) family(folder, name_of(it->first)).members.push_back(std::move(file));
    it = restored_.erase(it);
  }
}

void FileFollower::scan() {
  scan_needed_ = false;
  const FoundFiles found = find_files(context_.files, context_.options.paths, context_.options.exclude);
  for (const std::string& error : found.errors)
    if (reported_.insert(error).second) context_.log.warning("cannot look for files", {{"error", error}});
  wanted_.clear();
  for (const std::string& folder : found.folders) wanted_[folder];
  for (const std::string& path : found.files) wanted_[folder_of(path)].push_back(name_of(path));
  activate_restored();
  for (const auto& [folder, families] : folders_) wanted_[folder];
  polling_needed_ = false;
  for (const auto& [folder, names] : wanted_) {
    auto watched = context_.files.watch(folder);
    if (!watched.ok() && watched.error().code != Errc::not_found) {
      polling_needed_ = true;
      if (reported_.insert("watch").second)
        context_.log.warning("a folder cannot be watched; files are polled",
                             {{"folder", folder}, {"error", watched.error().context}});
    }
  }
  first_look_ = first_look();
  for (const auto& [folder, names] : wanted_) scan_folder(folder, names);
  first_look_ = {};
  if (context_.options.from_end)
    for (const std::string& pattern : context_.options.paths)
      if (started_patterns_.insert(pattern_mark(pattern)).second) {
        FollowerOutput out{spool::RecordChunk(context_.options.stream), {}};
        out.chunk.position = {std::string(kStartedPrefix) + context_.options.stream + "/" + pattern_mark(pattern),
                              Buffer{1}};
        context_.outputs.push_back(std::move(out));
      }
}

FirstLook FileFollower::first_look() const {
  FirstLook look;
  if (!context_.options.from_end) return look;
  std::vector<std::string> fresh;
  std::vector<std::string> started;
  for (const std::string& pattern : context_.options.paths)
    (started_patterns_.contains(pattern_mark(pattern)) ? started : fresh).push_back(pattern);
  look.all = started.empty();
  if (fresh.empty() || look.all) return look;
  const auto files = find_files(context_.files, fresh, context_.options.exclude).files;
  look.paths.insert(files.begin(), files.end());
  for (const std::string& path : find_files(context_.files, started, context_.options.exclude).files)
    look.paths.erase(path);
  return look;
}

void FileFollower::scan_folder(const std::string& folder, const std::vector<std::string>& wanted) {
  const auto entries = context_.files.list(folder);
  if (!entries.ok()) return;  // unreadable or gone: nothing is concluded about its files
  const std::set<std::string> wanted_names(wanted.begin(), wanted.end());
  for (const std::string& name : wanted)
    if (const RotationName parsed = parse_rotation_name(name); !parsed.compressed) family(folder, parsed.base);
  const auto families = folders_.find(folder);
  if (families == folders_.end()) return;
  std::unordered_map<std::uint64_t, std::pair<FileFamily*, FollowedFile*>> known;
  for (auto& [base, owner] : families->second)
    for (auto& file : owner->members) known[file->identity().inode] = {owner.get(), file.get()};

  std::map<FileFamily*, std::vector<SeenFile>> seen;
  std::vector<SeenFile> strangers;
  for (const DirectoryEntry& entry : *entries) {
    if (entry.kind != FileKind::regular) continue;
    const RotationName parsed = parse_rotation_name(entry.name);
    const auto home = families->second.find(parsed.base);
    FileFamily* owner = home == families->second.end() ? nullptr : home->second.get();
    if (parsed.compressed) {
      if (owner != nullptr) report_compressed(folder, entry.name, owner);
      continue;
    }
    const auto facts = context_.files.facts(folder + "/" + entry.name);
    if (!facts.ok() || !facts->has_value()) {
      scan_needed_ = true;  // renamed or removed while we looked
      continue;
    }
    SeenFile file{entry.name,
                  {parsed.kind, parsed.stamp, (*facts)->modified_ns, entry.name},
                  **facts,
                  wanted_names.contains(entry.name),
                  false};
    const auto match = known.find(entry.inode);
    if (match != known.end() && match->second.second->identity() == identity_of(file.facts) &&
        match->second.first != owner) {
      file.odd = true;
      owner = match->second.first;
    }
    if (owner != nullptr) {
      seen[owner].push_back(std::move(file));
    } else {
      file.odd = true;
      strangers.push_back(std::move(file));
    }
  }
  for (auto& [base, owner] : families->second) {
    FamilyScan(context_, *owner).run(std::move(seen[owner.get()]), strangers, first_look_);
    for (auto& file : owner->members)
      if (file->once_size == 0) file->once_size = file->facts.size;
    const bool work = std::any_of(owner->members.begin(), owner->members.end(), [](const auto& file) {
      return file->present ? !file->settled && !nothing_new(*file) : file->handle != nullptr;
    });
    if (work || owner->members.size() > 1) enqueue(*owner);
  }
}

void FileFollower::report_compressed(const std::string& folder, const std::string& name, FileFamily* family) {
  const bool missing = std::any_of(family->members.begin(), family->members.end(),
                                   [](const auto& m) { return !m->present && m->restored; });
  if (!missing || !reported_.insert(folder + "/" + name).second) return;
  context_.log.warning(
      "a followed file is gone and this compressed file may hold its unread end; compressed files are not read "
      "(delaycompress in logrotate keeps the newest one readable)",
      {{"path", folder + "/" + name}});
}

}  // namespace forebay::agent
