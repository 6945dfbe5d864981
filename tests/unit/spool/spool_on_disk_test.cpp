#include <gtest/gtest.h>

#include "sys/posix_file_system.h"
#include "tests/support/temp_directory.h"
#include "tests/unit/spool/spool_fixture.h"

// The same spool on the real file system: what the one in memory cannot show is that our calls mean what we think.

namespace forebay::spool {

TEST(SpoolOnDisk, FillsDropsDrainsAndReopens) {
  test::TempDirectory folder;
  PosixFileSystem files;
  SpoolFixture fixture;
  fixture.options.grace = Milliseconds(0);
  auto open = [&] {
    auto opened = Spool::open(files, fixture.clock, fixture.entropy, Logger(fixture.log, "spool"), folder.file("spool"),
                              fixture.options);
    EXPECT_TRUE(opened) << opened.error().to_string();
    return *std::move(opened);
  };
  auto spool = open();
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(fixture.put(*spool, "web", {std::to_string(i) + std::string(5'000, 'x')}, "f", std::to_string(i)));
  }
  EXPECT_LE(spool->usage().disk_bytes, fixture.options.max_bytes);
  EXPECT_FALSE(Spool::open(files, fixture.clock, fixture.entropy, Logger(fixture.log, "spool"), folder.file("spool"),
                           fixture.options))
      << "locked";
  spool.reset();
  spool = open();
  EXPECT_EQ(as_text(spool->source_positions().at("f")), "299");
  const Delivered delivered(fixture.drain(*spool, {}, true));
  EXPECT_EQ(delivered.records.size() + delivered.declared, 300U);
  ASSERT_TRUE(spool->close());
  spool.reset();
  EXPECT_EQ(open()->usage().unacknowledged_records, 0U);
}

}  // namespace forebay::spool
