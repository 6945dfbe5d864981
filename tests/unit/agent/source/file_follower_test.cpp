// Single cases of following: each names what happened to the file.
#include <sys/stat.h>

#include <filesystem>

#include "tests/unit/agent/source/follow_rig.h"

namespace forebay::agent {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

void append_to(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(fd);
}

class FileFollowing : public ::testing::Test {
 protected:
  std::string path(const std::string& name) { return rig.folder.file(name); }
  void put(const std::string& name, std::string_view text) { append_to(path(name), text); }
  void restart() {
    rig.stop();
    rig.start();
  }
  FollowRig rig;
};

TEST_F(FileFollowing, FirstStartReadsMatchedRotatedFilesOldestFirst) {
  rig.options.paths = {path("app*")};
  put("app.log.2", "one\n");
  put("app.log.1", "two\n");
  put("app.log", "three\n");
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three"}));
}

TEST_F(FileFollowing, FirstStartIgnoresRotatedFilesThatThePatternDoesNotName) {
  put("app.log.1", "old\n");
  put("app.log", "new\n");
  rig.clock().advance(Milliseconds(3'600'000));  // all of it is older than the first start
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"new"}));
  restart();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"new"}));
}

TEST_F(FileFollowing, PartialLineWaitsForItsNewline) {
  rig.start();
  put("app.log", "one\ntw");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one"}));
  put("app.log", "o\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two"}));
}

TEST_F(FileFollowing, PartialLineOfARotatedFileIsHandedOverOnceItIsQuiet) {
  rig.start();
  put("app.log", "one\ntw");
  rig.step(100);
  fs::rename(path("app.log"), path("app.log.1"));
  put("app.log", "three\n");
  rig.step(100);
  EXPECT_EQ(rig.lines(), (Lines{"one"}));  // the rest of the line may still come
  put("app.log.1", "o\n");
  rig.step(100);
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three"}));
  put("app.log", "fou");
  rig.step(100);
  fs::rename(path("app.log"), path("app.log.2"));
  put("app.log", "five\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three", "fou", "five"}));
}

TEST_F(FileFollowing, OnceHandsOverUnfinishedLinesAndEnds) {
  put("app.log", "one\ntwo");
  rig.start(true);
  rig.step(100);
  EXPECT_EQ(rig.lines(), (Lines{"one", "two"}));
  EXPECT_FALSE(rig.follower().next().has_value());
}

TEST_F(FileFollowing, OnceEndsAtTheSizeItFoundWhileTheFileGrows) {
  put("app.log", "one\n");
  rig.start(true);
  rig.step(100);
  put("app.log", "two\n");
  rig.step(100);
  EXPECT_EQ(rig.lines(), (Lines{"one"}));
}

TEST_F(FileFollowing, FromEndSkipsWhatWasThereAtTheFirstStartOnly) {
  rig.options.from_end = true;
  rig.options.paths = {path("*.log")};
  put("app.log", "old\nhal");
  rig.start();
  rig.drain();
  put("app.log", "f\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"half"}));
  put("late.log", "first\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"half", "first"}));
  rig.stop();
  put("app.log", "next\n");
  put("down.log", "while down\n");
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"half", "first", "next", "while down"}));
}

TEST_F(FileFollowing, FromEndOfANewPatternSkipsNothingOfTheOthers) {
  rig.options.from_end = true;
  rig.options.paths = {path("a*.log")};
  put("app.log", "old\n");
  rig.start();
  rig.drain();
  rig.stop();
  put("another.log", "while down\n");
  put("beside.log", "old too\n");
  rig.options.paths = {path("a*.log"), path("b*.log")};
  rig.start();
  rig.drain();
  put("beside.log", "new\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"while down", "new"}));
}

TEST_F(FileFollowing, RemovedFileIsReadToItsEndAndForgotten) {
  rig.start();
  put("app.log", "one\n");
  rig.step(100);
  put("app.log", "two\n");
  fs::remove(path("app.log"));
  rig.drain();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two"}));
  EXPECT_TRUE(rig.positions(rig.handed_over()).empty());
}

TEST_F(FileFollowing, NewFileAtTheSameNameAndInodeIsReadFromItsStart) {
  // The truncated file keeps its inode: what reuse looks like on a file system without birth times.
  rig.start();
  put("app.log", "one one one\ntwo two two\n");
  rig.drain();
  fs::resize_file(path("app.log"), 0);
  put("app.log", "three three\nfour four 4\n");  // exactly as long
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one one one", "two two two", "three three", "four four 4"}));
}

TEST_F(FileFollowing, RecreatedFileWithAReusedInodeIsReadFromItsStart) {
  rig.start();
  for (int i = 0; i < 20; ++i) {
    put("app.log", "round " + std::to_string(i) + "\n");
    rig.drain();
    fs::remove(path("app.log"));
    rig.drain();
  }
  EXPECT_EQ(rig.lines().size(), 20u);
  EXPECT_EQ(rig.lines().back(), "round 19");
}

TEST_F(FileFollowing, RefillLargerThanTheOldOffsetWithinOnePollIsSeen) {
  rig.start();
  put("app.log", "one\ntwo\n");
  rig.drain();
  fs::copy_file(path("app.log"), path("app.log.1"));
  fs::resize_file(path("app.log"), 0);
  put("app.log", std::string(100, 'x') + "\n" + std::string(100, 'y') + "\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", std::string(100, 'x'), std::string(100, 'y')}));
}

TEST_F(FileFollowing, CopiesMadeByHandAreNotReadAgain) {
  rig.options.paths = {path("app*")};
  put("app.log", "one\ntwo\n");
  rig.start();
  rig.drain();
  fs::copy_file(path("app.log"), path("app.log.1"));
  rig.drain();
  put("app.log", "three\n");
  rig.drain();
  restart();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three"}));
}

/// logrotate's copytruncate: the copy is listed while half of it is written; it is whole, and the original truncated,
/// when the contents are compared.
TEST_F(FileFollowing, CopyThatWasLookedAtHalfWrittenIsNotReadAgain) {
  for (const std::size_t seen_bytes : {std::size_t{0}, std::size_t{10}, std::size_t{14}}) {
    SCOPED_TRACE(seen_bytes);
    FollowRig fresh;
    const std::string live = fresh.folder.file("app.log");
    const std::string copy = fresh.folder.file("app.log.1");
    const std::string text = "first\nsecond\nthird\nfourth\n";
    bool copying = false;
    fresh.looked = [&](const std::string& looked_at) {
      if (!copying || looked_at != copy) return;
      copying = false;
      append_to(copy, text.substr(seen_bytes));
      fs::resize_file(live, 0);
      append_to(live, "fifth\n");
    };
    append_to(live, text);
    fresh.start();
    fresh.drain();
    append_to(copy, text.substr(0, seen_bytes));
    copying = true;
    fresh.drain();
    EXPECT_FALSE(copying);
    EXPECT_EQ(fresh.lines(), (Lines{"first", "second", "third", "fourth", "fifth"}));
  }
}

TEST_F(FileFollowing, FileMovedToAnotherInodeWhileDownContinues) {
  put("app.log", "one\ntwo\n");
  rig.start();
  rig.drain();
  rig.stop();
  fs::copy_file(path("app.log"), path("copy"));
  fs::remove(path("app.log"));
  fs::rename(path("copy"), path("app.log"));
  put("app.log", "three\n");
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three"}));
  EXPECT_EQ(rig.positions(rig.handed_over()).size(), 1u);
}

TEST_F(FileFollowing, TailUnderAnUnusualNameIsFoundByContent) {
  rig.start();
  put("app.log", "one\n");
  rig.drain();
  put("app.log", "two\n");
  fs::copy_file(path("app.log"), path("saved copy"));
  fs::resize_file(path("app.log"), 0);
  rig.drain();
  put("app.log", "three\n");
  rig.drain();
  restart();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three"}));
}

TEST_F(FileFollowing, LostTailIsCountedAndReported) {
  rig.start();
  put("app.log", "one\n");
  rig.step(100);
  put("app.log", "two unread\n");
  rig.follower().scan();  // its size is known, nothing is read
  fs::resize_file(path("app.log"), 0);
  rig.drain();
  EXPECT_EQ(rig.follower().counts().lost_bytes, 11u);
  EXPECT_EQ(rig.log.count("truncated before it was read"), 1u);
}

TEST_F(FileFollowing, HoleLeftByAWriterWithoutAppendIsSkipped) {
  rig.start();
  put("app.log", "one\n");
  rig.drain();
  fs::resize_file(path("app.log"), 0);
  fs::resize_file(path("app.log"), 700'000);
  put("app.log", "two\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two"}));
}

TEST_F(FileFollowing, SymbolicLinkIsFollowedToTheFileAndItsRotation) {
  fs::create_directory(path("real"));
  append_to(path("real/data.out"), "one\n");
  fs::create_symlink("real/data.out", path("app.log"));
  rig.start();
  rig.drain();
  fs::rename(path("real/data.out"), path("real/data.out.1"));
  append_to(path("real/data.out.1"), "two\n");
  append_to(path("real/data.out"), "three\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "two", "three"}));
}

TEST_F(FileFollowing, LongLineIsTruncatedWithAMarkAndTheFileGoesOn) {
  rig.options.reader.lines.line_bytes_max = 100;
  rig.options.reader.block_bytes = 8192;
  rig.start();
  put("app.log", "short\n" + std::string(1'000'000, 'x') + "\nafter\n");
  rig.drain();
  const Lines lines = rig.lines();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1], std::string(72, 'x') + "...[truncated 999928 bytes]");
  EXPECT_EQ(lines[2], "after");
}

TEST_F(FileFollowing, LongLineGrowingInPiecesIsHandedOverWhole) {
  rig.options.reader.block_bytes = 4096;
  rig.start();
  std::string want;
  for (int i = 0; i < 40; ++i) {
    const std::string piece(1000, static_cast<char>('a' + i % 26));
    want += piece;
    put("app.log", piece);
    rig.step(100);
  }
  EXPECT_TRUE(rig.lines().empty());
  put("app.log", "\nend\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{want, "end"}));
}

TEST_F(FileFollowing, CompressedRotationIsReportedNotRead) {
  rig.start();
  put("app.log", "one\n");
  rig.drain();
  rig.stop();
  put("app.log", "two\n");
  fs::rename(path("app.log"), path("app.log.1.gz"));  // as if compressed
  put("app.log", "three\n");
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one", "three"}));
  EXPECT_EQ(rig.log.count("compressed files are not read"), 1u);
}

TEST_F(FileFollowing, ThousandsOfFilesNeedFewHandles) {
  rig.options.paths = {path("*.log")};
  rig.options.handles_max = 8;
  for (int i = 0; i < 2000; ++i) put("f" + std::to_string(i) + ".log", "line " + std::to_string(i) + "\n");
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines().size(), 2000u);
  EXPECT_LE(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()), 30);
  restart();
  rig.drain();
  EXPECT_EQ(rig.lines().size(), 2000u);
}

TEST_F(FileFollowing, EachFileGetsItsTurnWhileOneIsLarge) {
  rig.options.paths = {path("*.log")};
  rig.options.reader.block_bytes = 4096;
  put("a.log", [] {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += "large\n";
    return text;
  }());
  put("b.log", "small\n");
  rig.start();
  rig.step(6);
  const Lines lines = rig.lines();
  EXPECT_NE(std::find(lines.begin(), lines.end(), "small"), lines.end());
}

TEST_F(FileFollowing, PositionsOfAnotherSourceOfTheSameStreamAreLeftAlone) {
  put("app.log", "one\n");
  put("other.log", "x\n");
  rig.options.paths = {path("other.log")};
  rig.start();
  rig.drain();
  rig.stop();
  rig.options.paths = {path("app.log")};
  put("other.log", "y\n");
  rig.start();
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"x", "one"}));
  EXPECT_EQ(rig.positions(rig.handed_over()).size(), 2u);
}

TEST_F(FileFollowing, DamagedPositionIsReportedAndTheFileReadAgain) {
  put("app.log", "one\n");
  rig.start();
  rig.drain();
  auto positions = rig.positions(rig.handed_over());
  rig.stop();
  ASSERT_EQ(positions.size(), 1u);
  positions.begin()->second.resize(20);
  InotifyFileWatcher watcher;
  FileFollower follower(watcher, rig.clock(), Logger(rig.log, "test"), rig.options);
  EXPECT_TRUE(follower.restore(positions, false).ok());
  EXPECT_EQ(rig.log.count("position is damaged"), 1u);
  positions.begin()->second[0] = 200;
  EXPECT_EQ(follower.restore(positions, false).error().code, Errc::unsupported);
}

TEST_F(FileFollowing, FileExchangedForAFifoOrFolderIsNotRead) {
  ASSERT_EQ(::mkfifo(path("app.log").c_str(), 0600), 0);
  rig.start();
  rig.drain();
  fs::remove(path("app.log"));
  fs::create_directory(path("app.log"));
  rig.drain();
  fs::remove(path("app.log"));
  put("app.log", "one\n");
  rig.drain();
  EXPECT_EQ(rig.lines(), (Lines{"one"}));
}

}  // namespace
}  // namespace forebay::agent
