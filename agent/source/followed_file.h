#pragma once

#include <memory>
#include <string>

#include "agent/source/file_identity.h"
#include "agent/source/rotation_name.h"
#include "base/units.h"

namespace forebay::agent {

/// State of one file object that is being followed. Owner: its FileFamily.
struct FollowedFile {
  std::string source_name;      ///< of its durable positions
  FilePosition position;        ///< where reading stands, handed over up to there
  std::string name;             ///< its present name in the folder; the last one when gone
  RotationRank rank;
  FileFacts facts;              ///< as last seen
  std::uint64_t largest = 0;    ///< largest size seen since it was last empty
  std::unique_ptr<FollowedHandle> handle;

  std::uint64_t scanned = 0;    ///< no newline between position.offset and here; 0: not looked
  ContentHash scanned_hash;     ///< prefix hash up to `scanned`
  std::int64_t checked_ns = -1;  ///< modification time at which the content last matched
  std::uint64_t once_size = 0;  ///< with --once: read at least this far

  bool present = false;         ///< its name was there at the last look
  bool restored = false;        ///< known from an earlier run and not seen yet in this one
  bool truncated = false;       ///< its bytes changed: find the unread tail, then start again from 0
  bool settled = false;         ///< at its end, and a newer file has followed: closed until it changes
  std::int64_t missing_looks = 0;
  SteadyTime missing_since{};
  SteadyTime quiet_since{};     ///< since when it stands at its end unchanged
  SteadyTime progress_at{};     ///< last time anything was read, or nothing was left to read
  std::uint64_t used = 0;       ///< order of last use of the handle
  std::uint64_t records = 0;
  std::string last_error;

  [[nodiscard]] const FileIdentity& identity() const { return position.identity; }
  [[nodiscard]] std::uint64_t unread() const { return facts.size > position.offset ? facts.size - position.offset : 0; }
};

}  // namespace forebay::agent
