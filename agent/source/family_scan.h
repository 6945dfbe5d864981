#pragma once

#include <set>
#include <string>

#include "agent/source/file_family.h"

namespace forebay::agent {

/// A file in the folder, as just seen.
struct SeenFile {
  std::string name;
  RotationRank rank;
  FileFacts facts;
  bool wanted = false;  ///< the patterns match it
  bool odd = false;     ///< a known file under a name outside its family
};

/// Files that from_end passes over at this look: those that only patterns match which were not looked for before.
struct FirstLook {
  bool all = false;
  std::set<std::string> paths = {};

  [[nodiscard]] bool contains(const std::string& path) const { return all || paths.contains(path); }
};

/// Brings one family in line with what its folder holds now: renamed files are recognised by identity, truncated ones
/// by content; unread ends are found in copies; new files join in the order they were written. The same code serves a
/// rotation just seen and any number of rotations while the agent was down.
class FamilyScan {
 public:
  FamilyScan(FollowContext& context, FileFamily& family) : context_(context), family_(family) {}

  /// `seen`: files of this family. `strangers`: other files of the folder, where the copy of a truncated file may be.
  void run(std::vector<SeenFile> seen, const std::vector<SeenFile>& strangers, const FirstLook& first_look);

 private:
  void match_known(std::vector<SeenFile>& seen);
  void verify_members();
  void hand_over(FollowedFile& file, const std::vector<SeenFile>& strangers);
  bool covered_by_member(const FollowedFile& file);
  bool adopt_copies(const FollowedFile& file, std::vector<SeenFile>& candidates);
  void adopt(const FollowedFile& file, const SeenFile& copy, std::uint64_t offset);
  void join_newcomers(const FirstLook& first_look);
  bool is_copy_of_member(const SeenFile& seen);
  bool is_copy(const SeenFile& seen, FollowedHandle& copy, FollowedFile& original);
  [[nodiscard]] bool is_newer(const SeenFile& seen) const;
  FollowedFile& follow(const SeenFile& seen);
  void note_missing(FollowedFile& file);
  void drop_gone();
  void sort_members();

  FollowContext& context_;
  FileFamily& family_;
  std::vector<SeenFile> unknown_;
  bool had_members_ = false;
  std::int64_t since_ms_ = 0;  // when this family was first followed
};

}  // namespace forebay::agent
