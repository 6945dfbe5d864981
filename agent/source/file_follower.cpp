#include "agent/source/file_follower.h"

#include <algorithm>
#include <utility>

namespace forebay::agent {

FileFollower::FileFollower(FileWatcher& files, const Clock& clock, Logger log, FileFollowerOptions options)
    : context_{files, clock, log, options, FileReader(clock, options.reader), {}, {}, {}, 0} {}

FileFamily& FileFollower::family(const std::string& folder, const std::string& base) {
  auto& found = folders_[folder][base];
  if (!found) {
    found = std::make_unique<FileFamily>();
    found->folder = folder;
    found->base = base;
  }
  return *found;
}

void FileFollower::enqueue(FileFamily& family) {
  if (family.queued) return;
  family.queued = true;
  ready_.push_back(&family);
}

void FileFollower::wake(FileFamily& family, SteadyTime at) {
  waiting_.insert(&family);
  if (!wake_at_ || at < *wake_at_) wake_at_ = at;
}

void FileFollower::tick(bool rescan) {
  wake_at_.reset();
  for (FileFamily* family : std::exchange(waiting_, {})) enqueue(*family);
  scan_needed_ = scan_needed_ || rescan;
}

void FileFollower::note(const FileEvent& event) {
  if (event.kind != FileEvent::Kind::modified) {
    scan_needed_ = true;
    return;
  }
  const auto folder = folders_.find(event.folder);
  if (folder == folders_.end()) return;
  for (const std::string& base : {event.name, parse_rotation_name(event.name).base}) {
    const auto found = folder->second.find(base);
    if (found == folder->second.end()) continue;
    FileFamily& family = *found->second;
    const auto member = std::find_if(family.members.begin(), family.members.end(),
                                     [&](const auto& m) { return m->present && m->name == event.name; });
    if (member == family.members.end()) {
      scan_needed_ = true;  // an empty file or a copy that was left for later
    } else {
      (*member)->settled = false;
      enqueue(family);
    }
    return;
  }
}

std::optional<FollowerOutput> FileFollower::next() {
  while (context_.outputs.empty() && !ready_.empty()) {
    FileFamily& family = *ready_.front();
    ready_.pop_front();
    family.queued = false;
    if (turn(family)) enqueue(family);
  }
  if (context_.outputs.empty()) return std::nullopt;
  FollowerOutput output = std::move(context_.outputs.front());
  context_.outputs.pop_front();
  return output;
}

// A file that is newer than another is read only up to the size it had before the older one was seen at its end, so
// that a line never overtakes an earlier one of the same writer. True: there is more to do.
bool FileFollower::turn(FileFamily& family) {
  for (auto member = family.members.rbegin(); member != family.members.rend(); ++member)
    if (!(*member)->settled && ((*member)->present || (*member)->handle)) refresh(family, **member);
  for (std::size_t i = 0; i < family.members.size(); ++i) {
    FollowedFile& file = *family.members[i];
    if (file.settled || (!file.present && !file.handle)) continue;
    if (once_ && file.position.offset >= file.once_size) continue;
    const bool newest =
        file.present && std::none_of(family.members.begin() + static_cast<std::ptrdiff_t>(i) + 1, family.members.end(),
                                     [](const auto& later) { return later->present; });
    if (const auto more = read_member(family, file, newest); more.has_value()) return *more;
  }
  return false;
}

bool FileFollower::nothing_new(const FollowedFile& file) {
  return file.facts.size == std::max(file.position.offset, file.scanned) && file.checked_ns == file.facts.modified_ns;
}

void FileFollower::refresh(FileFamily& family, FollowedFile& file) {
  FileFacts facts;
  if (file.handle) {
    const auto now = file.handle->facts();
    if (!now.ok()) return;
    facts = *now;
  } else {
    const auto now = context_.files.facts(family.folder + "/" + file.name);
    if (!now.ok() || !now->has_value() || identity_of(**now) != file.identity()) {
      scan_needed_ = true;
      return;
    }
    facts = **now;
  }
  if (facts.size != file.facts.size || facts.modified_ns != file.facts.modified_ns)
    file.quiet_since = context_.clock.steady_now();
  file.largest = std::max(file.largest, file.facts.size);
  file.facts = facts;
}

// Empty: this file is at its end, go on to the newer one.
std::optional<bool> FileFollower::read_member(FileFamily& family, FollowedFile& file, bool newest) {
  if (!nothing_new(file) && !context_.ensure_open(family.folder, file)) {
    if (file.last_error.empty()) scan_needed_ = true;
    return std::nullopt;
  }
  spool::RecordChunk chunk(context_.options.stream);
  auto outcome = context_.reader.read(file, file.facts.size, chunk);
  if (!outcome.ok()) {
    file.last_error = outcome.error().context;
    context_.log.warning("cannot read a followed file; it is tried again",
                         {{"path", file.position.path}, {"error", file.last_error}});
    context_.close(file);
    return std::nullopt;
  }
  switch (*outcome) {
    case ReadOutcome::records:
      put(file, std::move(chunk));
      return true;
    case ReadOutcome::working:
      file.progress_at = context_.clock.steady_now();
      return true;
    case ReadOutcome::truncated:
      file.truncated = true;
      if (!file.present) context_.close(file);  // removed and cut: nothing is left to recover
      scan_folder(family.folder, wanted_[family.folder]);
      return true;
    case ReadOutcome::partial:
      if (newest && !once_) break;
      return finish_partial(family, file, newest);
    case ReadOutcome::at_end:
      if (!newest) settle(family, file);
      break;
  }
  file.progress_at = context_.clock.steady_now();
  return std::nullopt;
}

bool FileFollower::quiet_long_enough(FileFamily& family, const FollowedFile& file) {
  const SteadyTime end = file.quiet_since + context_.options.rotation_wait;
  if (once_ || context_.clock.steady_now() >= end) return true;
  wake(family, end);
  return false;
}

// The newer files wait for the rest of the line, for a while.
bool FileFollower::finish_partial(FileFamily& family, FollowedFile& file, bool newest) {
  if (!newest && !quiet_long_enough(family, file)) return false;
  if (!context_.ensure_open(family.folder, file)) return false;
  spool::RecordChunk chunk(context_.options.stream);
  if (auto flushed = context_.reader.flush_partial(file, file.scanned, chunk); !flushed.ok()) {
    file.last_error = flushed.error().context;
    file.scanned = 0;
    return false;
  }
  put(file, std::move(chunk));
  return true;
}

void FileFollower::settle(FileFamily& family, FollowedFile& file) {
  if (!quiet_long_enough(family, file)) return;
  file.settled = true;
  context_.close(file);
  if (!file.present) scan_needed_ = true;
}

void FileFollower::put(FollowedFile& file, spool::RecordChunk chunk) {
  file.records += chunk.count();
  file.progress_at = context_.clock.steady_now();
  context_.counts.records += chunk.count();
  context_.counts.bytes += chunk.size_bytes();
  chunk.position = {file.source_name, file.position.encode()};
  context_.outputs.push_back({std::move(chunk), {}});
}

SourceCounts FileFollower::counts() const {
  SourceCounts counts = context_.counts;
  counts.missing_key_fields = context_.reader.missing_key_fields();
  counts.truncated_lines = context_.reader.truncated_lines();
  return counts;
}

std::vector<SourceItem> FileFollower::items() const {
  std::vector<SourceItem> items;
  for (const auto& [folder, families] : folders_)
    for (const auto& [base, family] : families)
      for (const auto& file : family->members) {
        if (file->settled && file->unread() == 0) continue;
        items.push_back(
            {folder + "/" + file->name, file->position.offset, file->unread(), file->records, file->last_error});
      }
  return items;
}

bool FileFollower::stalled_since(SteadyTime since) const {
  for (const auto& [folder, families] : folders_)
    for (const auto& [base, family] : families)
      for (const auto& file : family->members) {
        const bool unread_lines = file->facts.size > std::max(file->position.offset, file->scanned);
        if (file->present && unread_lines && file->progress_at < since) return true;
      }
  return false;
}

}  // namespace forebay::agent
