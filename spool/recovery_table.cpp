#include "spool/recovery_table.h"

#include "base/assert.h"

namespace forebay::spool {

template <class... E>
static constexpr std::uint8_t in(E... values) {
  return static_cast<std::uint8_t>(((1U << static_cast<unsigned>(values)) | ...));
}

using enum CommitState;
using enum RecoveryAction;
using Files = LaterFiles;
constexpr std::uint8_t kAnywhere = in(LaterInFile::no, LaterInFile::yes);
constexpr std::uint8_t kNotBefore = in(Files::none, Files::past, Files::unknown);

// Printed in docs/formats/journal.md, in this order.
static constexpr RecoveryRow kRows[] = {
    {"whole commit", in(whole), kAnywhere, kNotBefore, deliver},
    {"end of the journal", in(blank), in(LaterInFile::no), in(Files::none), end},
    {"torn last commit", in(broken), in(LaterInFile::no), in(Files::none), cut},
    {"damage before a whole commit", in(broken, blank), in(LaterInFile::yes), kNotBefore, skip},
    {"damage at the end of an earlier file", in(broken, blank), in(LaterInFile::no), in(Files::past), skip_rest},
    {"end of an earlier file", in(blank), kAnywhere, in(Files::before), end},
    {"tail cut by an earlier recovery", in(whole, broken), kAnywhere, in(Files::before), ignore},
    {"end of an earlier file whose successor is damaged", in(blank), in(LaterInFile::no), in(Files::unknown), end},
    {"broken commit before a damaged successor", in(broken), in(LaterInFile::no), in(Files::unknown), skip_rest},
};
static_assert(std::size(kRows) <= kRecoveryRowsMax);

std::span<const RecoveryRow> recovery_table() { return kRows; }

template <class E>
static bool has(std::uint8_t set, E value) {
  return (set >> static_cast<unsigned>(value)) & 1U;
}

std::size_t recovery_row(CommitState state, LaterInFile in_file, LaterFiles files) {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const RecoveryRow& row = kRows[i];
    if (has(row.states, state) && has(row.later_in_file, in_file) && has(row.later_files, files)) return i;
  }
  FB_UNREACHABLE();
}

}  // namespace forebay::spool
