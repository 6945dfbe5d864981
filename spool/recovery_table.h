#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "spool/commit_reader.h"

namespace forebay::spool {

/// Whether the same file holds a whole commit further on.
enum class LaterInFile : std::uint8_t { no, yes };

/// What the next whole commit in any later file says about this place: every commit names the one before it.
enum class LaterFiles : std::uint8_t {
  none,     ///< no later file holds a whole commit
  past,     ///< a commit at this place or after it, in this file, was valid when the later one was written
  before,   ///< this file was known to end before this place
  unknown,  ///< the commit it names is itself in a later file, and damaged
};

enum class RecoveryAction : std::uint8_t {
  deliver,    ///< hand the entries to the owner
  end,        ///< the file ends here, nothing is missing
  cut,        ///< torn tail: the whole commit never was, with every entry in it
  ignore,     ///< cut by an earlier recovery, on which later commits build
  skip,       ///< corruption up to the next whole commit of the file: kept, counted, reported
  skip_rest,  ///< corruption up to the end of the file
};

/// One row: sets of inputs as bit masks, and what to do. The rows cover every case exactly once (a test proves it).
struct RecoveryRow {
  std::string_view name;
  std::uint8_t states;       ///< of CommitState
  std::uint8_t later_in_file;
  std::uint8_t later_files;
  RecoveryAction action;
};

std::span<const RecoveryRow> recovery_table();
/// Index of the row for a case.
std::size_t recovery_row(CommitState state, LaterInFile in_file, LaterFiles files);

}  // namespace forebay::spool
