#include "spool/recovery_table.h"

#include <gtest/gtest.h>

namespace forebay::spool {

constexpr CommitState kStates[] = {CommitState::whole, CommitState::broken, CommitState::blank};
constexpr LaterInFile kInFile[] = {LaterInFile::no, LaterInFile::yes};
constexpr LaterFiles kFiles[] = {LaterFiles::none, LaterFiles::past, LaterFiles::before, LaterFiles::unknown};

template <class E>
static bool has(std::uint8_t set, E value) {
  return (set >> static_cast<unsigned>(value)) & 1U;
}

template <class F>
static void for_each_case(F check) {
  for (const CommitState state : kStates) {
    for (const LaterInFile in_file : kInFile) {
      for (const LaterFiles files : kFiles) check(state, in_file, files);
    }
  }
}

TEST(RecoveryTable, CoversEveryCaseExactlyOnce) {
  for_each_case([](CommitState state, LaterInFile in_file, LaterFiles files) {
    int rows = 0;
    for (const RecoveryRow& row : recovery_table()) {
      rows += has(row.states, state) && has(row.later_in_file, in_file) && has(row.later_files, files);
    }
    EXPECT_EQ(rows, 1) << int(state) << int(in_file) << int(files);
  });
}

TEST(RecoveryTable, EveryRowIsReachable) {
  std::vector<int> hits(recovery_table().size());
  for_each_case([&](CommitState state, LaterInFile in_file, LaterFiles files) {
    ++hits[recovery_row(state, in_file, files)];
  });
  for (const int count : hits) EXPECT_GT(count, 0);
}

TEST(RecoveryTable, NothingIsCutWhenAValidCommitFollows) {
  for_each_case([](CommitState state, LaterInFile in_file, LaterFiles files) {
    const RecoveryAction action = recovery_table()[recovery_row(state, in_file, files)].action;
    if (action == RecoveryAction::cut) {
      EXPECT_EQ(in_file, LaterInFile::no);
      EXPECT_EQ(files, LaterFiles::none);
    }
    EXPECT_EQ(action == RecoveryAction::deliver, state == CommitState::whole && files != LaterFiles::before);
  });
}

}  // namespace forebay::spool
