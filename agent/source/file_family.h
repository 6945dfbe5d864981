#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "agent/source/file_reader.h"
#include "agent/source/followed_file.h"
#include "agent/source/source_counts.h"
#include "base/log.h"

namespace forebay::agent {

struct FileFollowerOptions {
  std::vector<std::string> paths;    ///< absolute patterns
  std::vector<std::string> exclude;
  std::string stream;
  FileReaderOptions reader;
  bool from_end = false;             ///< files that exist at the first start of all are followed from their end
  std::size_t handles_max = 256;     ///< open files; the rest is opened in turn
  Milliseconds rotation_wait{5'000};  ///< an older file of a family is finished when quiet this long
  Milliseconds missing_wait{60'000};  ///< a name that is gone this long is not just being renamed
  Milliseconds restored_wait{7LL * 24 * 3'600'000};  ///< positions of files not seen again are kept this long
};

/// One live name and its rotated files, in one folder: read one after the other, oldest first.
struct FileFamily {
  std::string folder;
  std::string base;
  std::vector<std::unique_ptr<FollowedFile>> members;  ///< oldest first
  std::set<FileIdentity> ignored;  ///< rotated before this path was first followed
  bool looked = false;             ///< scanned before in this run
  bool queued = false;             ///< waits for its turn

  [[nodiscard]] std::string path() const { return folder + "/" + base; }
};

/// What the follower wants handed over, in this order.
struct FollowerOutput {
  spool::RecordChunk chunk;
  std::string forget;  ///< not empty: forget this source; the chunk is empty
};

/// What the parts of the file source share. Owner: FileFollower.
struct FollowContext {
  FileWatcher& files;
  const Clock& clock;
  Logger log;
  FileFollowerOptions options;
  FileReader reader;
  std::deque<FollowerOutput> outputs;
  SourceCounts counts;
  std::vector<FollowedFile*> open;  ///< files with a handle
  std::uint64_t uses = 0;

  /// Opens the file under its present name, unless it is open. False: not possible now; file.last_error says why.
  bool ensure_open(const std::string& folder, FollowedFile& file);
  void close(FollowedFile& file);
  /// Queues a chunk that carries only the file's position.
  void put_position(const FollowedFile& file);
  void put_forget(const FollowedFile& file);
  [[nodiscard]] std::string source_name(const FileIdentity& identity) const;
};

}  // namespace forebay::agent
