// The real file system keeps the promises of base/file_system.h.
#include "sys/posix_file_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temp_directory.h"

namespace forebay {
namespace {

struct PosixFileSystemTest : ::testing::Test {
  test::TempDirectory directory;
  PosixFileSystem files;

  std::unique_ptr<File> make(const std::string& name) {
    auto file = files.open(directory.file(name), OpenMode::create_new);
    EXPECT_TRUE(file.ok());
    return std::move(*file);
  }
};

TEST_F(PosixFileSystemTest, WritesManyPartsInOrderAndReadsThemBack) {
  auto file = make("a");
  std::vector<Buffer> parts;
  Buffer whole;
  for (int i = 0; i < 300; ++i) {
    parts.emplace_back(static_cast<std::size_t>(i % 5), static_cast<std::uint8_t>(i));
    append(whole, parts.back());
  }
  const std::vector<ByteView> views(parts.begin(), parts.end());
  ASSERT_TRUE(file->write_at(10, views).ok());
  ASSERT_TRUE(file->sync_data().ok());
  Buffer read(whole.size() + 100, 0xee);
  const auto got = file->read_at(10, read);
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(*got, whole.size());
  read.resize(*got);
  EXPECT_EQ(read, whole);
  EXPECT_EQ(*file->size(), whole.size() + 10);
  EXPECT_TRUE(file->drop_cache().ok());
  EXPECT_TRUE(file->close().ok());
}

TEST_F(PosixFileSystemTest, AllocateGrowsWithZerosAndNeverShrinks) {
  auto file = make("a");
  ASSERT_TRUE(file->allocate(100'000).ok());
  EXPECT_EQ(*file->size(), 100'000u);
  ASSERT_TRUE(file->allocate(10).ok());
  EXPECT_EQ(*file->size(), 100'000u);
  Buffer read(100'000, 1);
  ASSERT_EQ(*file->read_at(0, read), 100'000u);
  EXPECT_EQ(read, Buffer(100'000, 0));
  ASSERT_TRUE(file->truncate(5).ok());
  EXPECT_EQ(*file->size(), 5u);
}

TEST_F(PosixFileSystemTest, OpenModesAndFileMode) {
  const std::string path = directory.file("a");
  EXPECT_EQ(files.open(path, OpenMode::read).error().code, Errc::not_found);
  EXPECT_EQ(files.open(path, OpenMode::read_write).error().code, Errc::not_found);
  make("a");
  EXPECT_EQ(files.open(path, OpenMode::create_new).error().code, Errc::already_exists);
  EXPECT_TRUE(files.open(path, OpenMode::open_always).ok());
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(PosixFileSystemTest, RenameNewNeverReplaces) {
  directory.write("a", "of a");
  directory.write("b", "of b");
  EXPECT_EQ(files.rename_new(directory.file("a"), directory.file("b")).error().code, Errc::already_exists);
  EXPECT_EQ(test::read_text(directory.file("b")), "of b");
  ASSERT_TRUE(files.rename_new(directory.file("a"), directory.file("c")).ok());
  EXPECT_EQ(test::read_text(directory.file("c")), "of a");
  EXPECT_FALSE(files.stat(directory.file("a"))->has_value());
  EXPECT_EQ(files.rename_new(directory.file("c"), directory.file("none/c")).error().code, Errc::not_found);
}

TEST_F(PosixFileSystemTest, StatTellsTimeAndWhetherOthersMayLookIn) {
  const std::string path = directory.write("a", "x");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_FALSE((*files.stat(path))->open_to_others);
  EXPECT_GT((*files.stat(path))->modified, from_millis(1'600'000'000'000));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  EXPECT_TRUE((*files.stat(path))->open_to_others);
}

TEST_F(PosixFileSystemTest, LinksAndOddFilesAreRefused) {
  make("a");
  ASSERT_EQ(::symlink("a", directory.file("link").c_str()), 0);
  ASSERT_EQ(::mkfifo(directory.file("fifo").c_str(), 0600), 0);
  EXPECT_EQ(files.open(directory.file("link"), OpenMode::read).error().code, Errc::permission);
  EXPECT_FALSE(files.open(directory.file("fifo"), OpenMode::read).ok());
  EXPECT_FALSE(files.open(directory.path(), OpenMode::read).ok());
}

TEST_F(PosixFileSystemTest, ASecondLockConflictsUntilTheFirstFileIsGone) {
  auto first = make("a");
  ASSERT_TRUE(first->lock().ok());
  auto second = files.open(directory.file("a"), OpenMode::read_write);
  EXPECT_EQ((*second)->lock().error().code, Errc::conflict);
  first.reset();
  EXPECT_TRUE((*second)->lock().ok());
}

TEST_F(PosixFileSystemTest, DirectoriesListStatRenameRemove) {
  const std::string deep = directory.file("x/y/z");
  ASSERT_TRUE(files.create_directories(deep).ok());
  ASSERT_TRUE(files.create_directories(deep).ok());
  make("x/b");
  make("x/a");
  EXPECT_EQ(*files.list(directory.file("x")), (std::vector<std::string>{"a", "b", "y"}));
  ASSERT_TRUE(files.rename(directory.file("x/a"), directory.file("x/b")).ok());
  ASSERT_TRUE(files.sync_directory(directory.file("x")).ok());
  EXPECT_FALSE((*files.stat(directory.file("x/a"))).has_value());
  EXPECT_TRUE((*files.stat(deep))->is_directory);
  EXPECT_EQ((*files.stat(directory.file("x/b")))->size, 0u);
  ASSERT_TRUE(files.remove(directory.file("x/b")).ok());
  ASSERT_TRUE(files.remove_directory(deep).ok());
  EXPECT_EQ(files.list(deep).error().code, Errc::not_found);
  EXPECT_EQ(files.sync_directory(deep).error().code, Errc::not_found);
  EXPECT_GT(files.space(directory.path())->total_bytes, 0u);
  ASSERT_TRUE(replace_file(files, directory.file("r"), as_bytes("one")).ok());
  ASSERT_TRUE(replace_file(files, directory.file("r"), as_bytes("two2")).ok());
  EXPECT_EQ(as_text(*read_file(files, directory.file("r"), 100)), "two2");
}

TEST_F(PosixFileSystemTest, DevicesAreRefused) {
  auto full = files.open("/dev/full", OpenMode::read_write);
  EXPECT_EQ(full.error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace forebay
