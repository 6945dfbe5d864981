#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "agent/source/family_scan.h"
#include "agent/source/path_pattern.h"
#include "agent/source/source.h"

namespace forebay::agent {

/// Follows files by patterns: all decisions and reads of the file source, without timers or threads. Its driver tells
/// it of changes and takes chunks out one by one, as fast as the intake allows; nothing is read ahead.
/// Threads  one at a time.
class FileFollower {
 public:
  FileFollower(FileWatcher& files, const Clock& clock, Logger log, FileFollowerOptions options);

  /// Takes the newest durable positions, of any sources; others' are left alone.
  /// `once`: unfinished last lines are handed over when the end is reached.
  /// Errors  unsupported: a position written by a newer version. A damaged one is logged and its file read again.
  Result<void> restore(const std::map<std::string, Buffer>& positions, bool once);
  /// Compares everything with the folders: at start, after events that say so, and now and then.
  void scan();
  /// Takes in one event; scan_needed() may become true.
  void note(const FileEvent& event);
  [[nodiscard]] bool scan_needed() const { return scan_needed_; }
  /// Time has passed: files that wait to be quiet are looked at; `rescan` asks for a scan.
  void tick(bool rescan);
  /// True when some folder could not be watched.
  [[nodiscard]] bool polling_needed() const { return polling_needed_; }

  /// What to hand over next, in order. Empty: nothing now; ask again after note(), scan() or, at wake_at(), tick().
  std::optional<FollowerOutput> next();
  /// When a file waits for being quiet long enough.
  [[nodiscard]] std::optional<SteadyTime> wake_at() const { return wake_at_; }

  [[nodiscard]] SourceCounts counts() const;
  [[nodiscard]] std::vector<SourceItem> items() const;
  /// A file with unread lines has not moved since `since`.
  [[nodiscard]] bool stalled_since(SteadyTime since) const;

 private:
  void activate_restored();
  [[nodiscard]] FirstLook first_look() const;
  void scan_folder(const std::string& folder, const std::vector<std::string>& wanted);
  FileFamily& family(const std::string& folder, const std::string& base);
  void report_compressed(const std::string& folder, const std::string& name, FileFamily* family);
  void enqueue(FileFamily& family);
  bool turn(FileFamily& family);
  std::optional<bool> read_member(FileFamily& family, FollowedFile& file, bool newest);
  bool finish_partial(FileFamily& family, FollowedFile& file, bool newest);
  void settle(FileFamily& family, FollowedFile& file);
  bool quiet_long_enough(FileFamily& family, const FollowedFile& file);
  void refresh(FileFamily& family, FollowedFile& file);
  void put(FollowedFile& file, spool::RecordChunk chunk);
  void wake(FileFamily& family, SteadyTime at);
  static bool nothing_new(const FollowedFile& file);

  FollowContext context_;
  std::map<std::string, std::map<std::string, std::unique_ptr<FileFamily>>> folders_;  // by folder and base
  std::map<std::string, std::vector<std::string>> wanted_;                             // as of the last scan
  std::map<std::string, std::vector<std::unique_ptr<FollowedFile>>> restored_;  // by path, until their pattern is met
  std::deque<FileFamily*> ready_;
  std::set<std::string> reported_;  // compressed files, unreadable folders
  std::set<std::string> started_patterns_;
  FirstLook first_look_;
  std::set<FileFamily*> waiting_;  // for a file to be quiet
  std::optional<SteadyTime> wake_at_;
  bool scan_needed_ = true;
  bool polling_needed_ = false;
  bool once_ = false;
};

}  // namespace forebay::agent
