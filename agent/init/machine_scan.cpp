#include "agent/init/machine_scan.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <unistd.h>

#include "agent/host_name.h"

namespace forebay::agent {
namespace {

namespace fs = std::filesystem;

struct KnownLog {
  const char* name;
  const char* folder;
  const char* prefix;  ///< of file names; the rest of a name is free
  const char* pattern;
};

/// Logs that Debian's packages write.
constexpr std::array kKnownLogs{
    KnownLog{"nginx", "/var/log/nginx", "", "/var/log/nginx/*.log"},
    KnownLog{"apache", "/var/log/apache2", "", "/var/log/apache2/*.log"},
    KnownLog{"mosquitto", "/var/log/mosquitto", "", "/var/log/mosquitto/*.log"},
    KnownLog{"postgresql", "/var/log/postgresql", "", "/var/log/postgresql/*.log"},
    KnownLog{"dpkg", "/var/log", "dpkg.log", "/var/log/dpkg.log"},
    KnownLog{"apt", "/var/log/apt", "history.log", "/var/log/apt/*.log"},
    KnownLog{"syslog", "/var/log", "syslog", "/var/log/syslog"},
    KnownLog{"auth", "/var/log", "auth.log", "/var/log/auth.log"},
    KnownLog{"kernel", "/var/log", "kern.log", "/var/log/kern.log"},
    KnownLog{"daemon", "/var/log", "daemon.log", "/var/log/daemon.log"},
};

struct SensorGroup {
  const char* name;
  const char* path;  ///< a file, or a folder that is not empty
};
constexpr std::array kSensorGroups{
    SensorGroup{"load", "/proc/loadavg"},
    SensorGroup{"memory", "/proc/meminfo"},
    SensorGroup{"thermal", "/sys/class/thermal"},
    SensorGroup{"hwmon", "/sys/class/hwmon"},
};

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> result;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    result.push_back(it->path());
  std::sort(result.begin(), result.end());
  return result;
}

bool is_log(const fs::path& file, std::string_view prefix) {
  const std::string name = file.filename();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return false;
  return prefix.empty() ? file.extension() == ".log" : name == prefix;
}

void find_logs(const fs::path& root, MachineScan& scan) {
  for (const KnownLog& known : kKnownLogs) {
    for (const fs::path& file : entries(root / fs::path(known.folder).relative_path())) {
      if (!is_log(file, known.prefix)) continue;
      scan.logs.push_back({known.name, known.pattern, ::access(file.c_str(), R_OK) == 0});
      break;
    }
  }
}

std::string quoted_list(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) text += (text.size() > 1 ? ", \"" : "\"") + item + "\"";
  return text + "]";
}

void append_log(std::string& text, const MachineScan::Log& log) {
  const std::string mark = log.readable ? "" : "# ";
  if (!log.readable) text += "# Not readable by the user who ran init; its group is often adm.\n";
  text += mark + "[[source]]\n" + mark + "type = \"file\"\n" + mark + "paths = [\"" + log.pattern + "\"]\n" + mark +
          "stream = \"" + log.name + "\"\n" + mark + "key = \"{device}\"\n\n";
}

}  // namespace

MachineScan scan_machine(const std::string& root) {
  MachineScan scan;
  if (auto name = host_name()) scan.host_name = *std::move(name);
  const fs::path base(root);
  find_logs(base, scan);
  for (const SensorGroup& group : kSensorGroups) {
    const fs::path path = base / fs::path(group.path).relative_path();
    std::error_code error;
    if (fs::is_regular_file(path, error) || !entries(path).empty()) scan.sensors.emplace_back(group.name);
  }
  std::error_code error;
  scan.has_mosquitto = fs::exists(base / "etc/mosquitto", error);
  return scan;
}

std::string init_text(const MachineScan& scan) {
  std::string text =
      "# Configuration of forebay-agent. Check it with: forebay-agent --config FILE --check-config\n"
      "# All options: forebay-agent --print-config-docs\n\n"
      "# Name of this device: in partition keys, sensor records and declared gaps.\n"
      "device = \"" + (scan.host_name.empty() ? "device-1" : scan.host_name) + "\"\n\n"
      "[gateway]\n"
      "url = \"http://127.0.0.1:4567\"\n"
      "# The gateway prints where its first key is; on a device: a copy of one key, chmod 600.\n"
      "key_file = \"/etc/forebay/agent.key\"\n"
      "# ca_file = \"/etc/forebay/ca.pem\"\n\n"
      "[spool]\n"
      "path = \"/var/lib/forebay-agent/spool\"\n"
      "max_size = \"1 GiB\"\n"
      "# At max_size: drop_oldest and drop_newest declare every loss in the stream, block makes sources wait.\n"
      "when_full = \"drop_oldest\"\n\n"
      "# Logs found on this machine. A stream must exist: forebay stream create NAME --shards 1\n";
  if (scan.logs.empty())
    text +=
        "# None. Example:\n# [[source]]\n# type = \"file\"\n# paths = [\"/var/log/app/*.log\"]\n"
        "# stream = \"app\"\n# key = \"{device}\"\n\n";
  for (const MachineScan::Log& log : scan.logs) append_log(text, log);
  if (!scan.sensors.empty())
    text +=
        "# Sensors found on this machine. Single files: paths = [\"/sys/...\"].\n[[source]]\ntype = "
        "\"sensor\"\nsensors = " +
        quoted_list(scan.sensors) + "\ninterval = \"10 s\"\nstream = \"sensors\"\nkey = \"{device}\"\n\n";
  if (scan.has_mosquitto)
    text +=
        "# A broker runs here. Topics become records once they are durable (QoS 1).\n# [[source]]\n# type = \"mqtt\"\n"
        "# url = \"mqtt://127.0.0.1:1883\"\n# topics = [\"sensors/#\"]\n# stream = \"mqtt\"\n# key = \"{topic}\"\n";
  return text;
}

}  // namespace forebay::agent
