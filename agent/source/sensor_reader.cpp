#include "agent/source/sensor_reader.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/source/path_pattern.h"

namespace forebay::agent {

namespace {

constexpr std::size_t kSensorFileMax = 16 * 1024;

std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto of_day = (time - day).count();
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(of_day / 3'600'000), static_cast<int>(of_day / 60'000 % 60),
                static_cast<int>(of_day / 1000 % 60), static_cast<int>(of_day % 1000));
  return text;
}

// The index-th number in the text; moves past it.
bool take_number(std::string_view text, int index, double& value) {
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    const bool starts = (*at >= '0' && *at <= '9') || (*at == '-' && at + 1 < end && at[1] >= '0' && at[1] <= '9');
    if (!starts) {
      ++at;
      continue;
    }
    const auto [after, failed] = std::from_chars(at, end, value);
    if (failed != std::errc()) return false;
    if (index-- == 0) return std::isfinite(value);
    at = after;
  }
  return false;
}

}  // namespace

Result<std::vector<SensorRule>> sensor_group(std::string_view name) {
  const std::string hwmon = "/sys/class/hwmon/hwmon*/";
  if (name == "load")
    return std::vector<SensorRule>{{"/proc/loadavg", 1, "", "", 0, ":1min"},
                                   {"/proc/loadavg", 1, "", "", 1, ":5min"},
                                   {"/proc/loadavg", 1, "", "", 2, ":15min"}};
  if (name == "memory")
    return std::vector<SensorRule>{{"/proc/meminfo", 1024, "B", "MemTotal:", 0, ":total"},
                                   {"/proc/meminfo", 1024, "B", "MemAvailable:", 0, ":available"}};
  if (name == "thermal")
    return std::vector<SensorRule>{{"/sys/class/thermal/thermal_zone*/temp", 0.001, "C", "", 0, ""}};
  if (name == "hwmon")
    return std::vector<SensorRule>{
        {hwmon + "temp*_input", 0.001, "C", "", 0, ""},    {hwmon + "in*_input", 0.001, "V", "", 0, ""},
        {hwmon + "fan*_input", 1, "rpm", "", 0, ""},       {hwmon + "curr*_input", 0.001, "A", "", 0, ""},
        {hwmon + "power*_input", 1e-6, "W", "", 0, ""},    {hwmon + "energy*_input", 1e-6, "J", "", 0, ""},
        {hwmon + "humidity*_input", 0.001, "%", "", 0, ""}};
  return Error{Errc::invalid_argument,
               "unknown sensor group \"" + std::string(name) + "\"; known are load, memory, thermal, hwmon"};
}

SensorReader::SensorReader(FileWatcher& files, const Clock& clock, Logger log, SensorReaderOptions options)
    : files_(files), clock_(clock), log_(log), options_(std::move(options)) {}

void SensorReader::sample(spool::RecordChunk& chunk) {
  failures_.clear();
  const WallTime now = clock_.wall_now();
  for (const SensorRule& rule : options_.rules) {
    for (const std::string& found : expand_pattern(files_, options_.root + rule.pattern)) {
      const auto value = read(found, rule);
      const std::string path = found.substr(options_.root.size()) + rule.suffix;
      if (!value.ok()) {
        note_failure(path, Result<double>(value).error().context);
        continue;
      }
      reported_.erase(path);
      add(chunk, now, path, rule, *value * rule.scale);
    }
  }
}

Result<double> SensorReader::read(const std::string& path, const SensorRule& rule) {
  FB_TRY(const auto file, files_.open(path));
  std::array<std::uint8_t, kSensorFileMax> bytes;
  FB_TRY(const std::size_t size, file->read_at(0, bytes));
  std::string_view text = as_text(ByteView(bytes.data(), size));
  if (!rule.field.empty()) {
    const std::size_t at = text.find(rule.field);
    if (at == std::string_view::npos) return Error{Errc::not_found, "\"" + rule.field + "\" is not in " + path};
    text.remove_prefix(at + rule.field.size());
  }
  double value = 0;
  if (!take_number(text, rule.index, value)) return Error{Errc::corrupt, path + " holds no number"};
  return value;
}

void SensorReader::add(spool::RecordChunk& chunk, WallTime now, const std::string& path, const SensorRule& rule,
                       double value) {
  char number[40];
  // Fifteen digits: what a sensor said times its scale, without the last bit's noise.
  const int size = std::snprintf(number, sizeof number, "%.15g", value);
  json_ = "{\"device\":" + json_text(options_.device) + ",\"path\":" + json_text(path) + ",\"value\":";
  json_.append(number, static_cast<std::size_t>(size));
  json_ += ",\"unit\":" + json_text(rule.unit) + ",\"time\":\"" + rfc3339(now) + "\"}";
  options_.key.expand({options_.device, path, {}, as_bytes(json_)}, key_);
  chunk.add(key_, now, as_bytes(json_));
  ++records_;
}

void SensorReader::note_failure(const std::string& path, const std::string& reason) {
  failures_.push_back({path, reason});
  if (reported_.insert(path).second)
    log_.warning("a sensor cannot be read; it is tried again each time", {{"path", path}, {"error", reason}});
}

}  // namespace forebay::agent
