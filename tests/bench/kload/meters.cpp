#include "meters.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace kload {
namespace {

/// Fields 14 and 15 of /proc/PID/stat, counted behind the program's name.
double cpu_of(const std::string& folder) {
  std::ifstream file(folder + "/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::stringstream fields(text.substr(name_end + 2));
  double ticks = 0;
  std::string field;
  for (int i = 3; i <= 15 && fields >> field; ++i)
    if (i >= 14) ticks += std::stod(field);
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::uint64_t number_of(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.rfind(name + ":", 0) == 0) return std::stoull(line.substr(name.size() + 1));
  return 0;
}

}  // namespace

ServerMeter read_servers(const std::vector<int>& pids) {
  ServerMeter meter;
  for (const int pid : pids) {
    const std::string folder = "/proc/" + std::to_string(pid);
    meter.cpu_seconds += cpu_of(folder);
    meter.write_bytes += number_of(folder + "/io", "write_bytes");
    meter.rss_kb += number_of(folder + "/status", "VmRSS");
    meter.peak_kb += number_of(folder + "/status", "VmHWM");
  }
  return meter;
}

double own_cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace kload
