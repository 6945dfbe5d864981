#include "agent/init/machine_scan.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace forebay::agent {
namespace {

using testing::HasSubstr;
using testing::Not;

void put(const test::TempDirectory& folder, const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(folder.file(path)).parent_path());
  folder.write(path, text);
}

TEST(MachineScan, FindsLogsAndSensorsThatAreThere) {
  test::TempDirectory root;
  put(root, "var/log/nginx/access.log", "x");
  put(root, "var/log/dpkg.log", "x");
  put(root, "proc/loadavg", "0.1 0.2 0.3");
  put(root, "sys/class/thermal/thermal_zone0/temp", "42000");
  put(root, "sys/class/hwmon/hwmon1/temp1_input", "42000");
  const MachineScan scan = scan_machine(root.path());
  ASSERT_EQ(scan.logs.size(), 2u);
  EXPECT_EQ(scan.logs[0].pattern, "/var/log/nginx/*.log");
  EXPECT_THAT(scan.sensors, testing::ElementsAre("load", "thermal", "hwmon"));
}

TEST(MachineScan, TextHasOneSourcePerLogAndOneForSensors) {
  MachineScan scan;
  scan.host_name = "press-07";
  scan.logs = {{"nginx", "/var/log/nginx/*.log", true}, {"auth", "/var/log/auth.log", false}};
  scan.sensors = {"load", "memory"};
  const std::string text = init_text(scan);
  EXPECT_THAT(text, HasSubstr("device = \"press-07\""));
  EXPECT_THAT(text, HasSubstr("\n[[source]]\ntype = \"file\"\npaths = [\"/var/log/nginx/*.log\"]"));
  EXPECT_THAT(text, HasSubstr("\n# paths = [\"/var/log/auth.log\"]"));
  EXPECT_THAT(text, HasSubstr("sensors = [\"load\", \"memory\"]"));
}

TEST(MachineScan, EmptyMachineGivesAnExample) {
  EXPECT_THAT(init_text({}), HasSubstr("# [[source]]"));
  EXPECT_THAT(init_text({}), Not(HasSubstr("\n[[source]]")));
}

}  // namespace
}  // namespace forebay::agent
