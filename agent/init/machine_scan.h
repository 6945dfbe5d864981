#pragma once

#include <string>
#include <vector>

namespace forebay::agent {

/// What forebay-agent could collect on this machine.
struct MachineScan {
  struct Log {
    std::string name;      ///< "nginx", "dpkg"
    std::string pattern;   ///< "/var/log/nginx/*.log"
    bool readable = false;  ///< by this user
  };
  std::vector<Log> logs;
  std::vector<std::string> sensors;  ///< groups of the sensor source: load, memory, thermal, hwmon
  std::string host_name;
  bool has_mosquitto = false;
};

/// Looks below `root` ("/" in programs, a folder in tests).
MachineScan scan_machine(const std::string& root);

/// A configuration with comments, ready to use: the readable logs and the sensors are on, the rest is commented out.
std::string init_text(const MachineScan& scan);

}  // namespace forebay::agent
