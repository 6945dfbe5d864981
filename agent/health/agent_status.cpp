#include "agent/health/agent_status.h"

#include <array>
#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>

namespace forebay::agent {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(LinkState state) {
  switch (state) {
    case LinkState::unknown: return "unknown";
    case LinkState::up: return "up";
    case LinkState::down: return "down";
  }
  FB_UNREACHABLE();
}

/// UTC, "2026-01-02T03:04:05Z".
std::string shown_time(WallTime time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - days));
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

Json time_or_null(const std::optional<WallTime>& time) { return time ? Json(shown_time(*time)) : Json(nullptr); }

Json counts_json(const SourceCounts& counts) {
  Json result = Json::object();
  for (const SourceCountRow& row : kSourceCountRows) result[std::string(row.name)] = counts.*row.count;
  return result;
}

Json sources_json(const std::vector<SourceStatus>& sources) {
  Json result = Json::array();
  for (const SourceStatus& source : sources) {
    Json items = Json::array();
    for (const SourceItem& item : source.items) {
      items.push_back({{"name", item.name}, {"position", item.position}, {"lag_bytes", item.lag_bytes},
                       {"records", item.records}, {"last_error", item.last_error}});
    }
    result.push_back({{"name", source.name}, {"type", source.type}, {"stream", source.stream},
                      {"stuck", source.stuck}, {"items", std::move(items)}, {"counts", counts_json(source.counts)}});
  }
  return result;
}

void append_line(std::string& page, std::string_view name, const std::string& value) {
  page += name;
  page.append(name.size() < 20 ? 20 - name.size() : 1, ' ');
  page += value + "\n";
}

/// What is out of the ordinary; records and bytes stand with the items.
void append_counts(std::string& page, const Json& counts) {
  std::string line;
  for (const auto& [name, count] : counts.items()) {
    if (name == "records" || name == "bytes" || count.get<std::uint64_t>() == 0) continue;
    line += (line.empty() ? "  " : ", ") + name + " " + std::to_string(count.get<std::uint64_t>());
  }
  if (!line.empty()) page += line + "\n";
}

void append_sources(std::string& page, const Json& sources) {
  for (const Json& source : sources) {
    page += "\n" + source.at("name").get<std::string>() + " -> " + source.at("stream").get<std::string>() +
            (source.at("stuck").get<bool>() ? "  STUCK" : "") + "\n";
    for (const Json& item : source.at("items")) {
      page += "  " + item.at("name").get<std::string>() + "  at " +
              std::to_string(item.at("position").get<std::uint64_t>()) + ", behind " +
              shown_bytes(item.at("lag_bytes").get<std::uint64_t>()) + ", " +
              std::to_string(item.at("records").get<std::uint64_t>()) + " records";
      if (const auto error = item.at("last_error").get<std::string>(); !error.empty()) page += ", error: " + error;
      page += "\n";
    }
    append_counts(page, source.value("counts", Json::object()));
  }
}

std::string page_of(const Json& status) {
  const auto text = [](const Json& value) { return value.is_null() ? std::string("never") : value.get<std::string>(); };
  const auto number = [](const Json& value) { return value.get<std::uint64_t>(); };
  const Json& spool = status.at("spool");
  const Json& upload = status.at("upload");
  std::string page;
  append_line(page, "device", text(status.at("device")));
  append_line(page, "version", text(status.at("version")));
  append_line(page, "gateway", text(status.at("gateway")) + " (link " + text(upload.at("link")) + ")");
  append_line(page, "last acknowledgement", text(upload.at("last_acknowledged")));
  if (const auto error = text(upload.at("last_error")); !error.empty())
    append_line(page, "last error", error + " (" + text(upload.at("last_error_time")) + ")");
  append_line(page, "spool", shown_bytes(number(spool.at("disk_bytes"))) + " of " +
                                 shown_bytes(number(spool.at("max_bytes"))) +
                                 (spool.at("full").get<bool>() ? ", full" : ""));
  append_line(page, "unacknowledged", std::to_string(number(spool.at("unacknowledged_records"))) + " records");
  append_line(page, "dropped", std::to_string(number(spool.at("dropped_records"))) + " records");
  if (const auto places = spool.value("damaged_places", std::uint64_t{0}); places != 0)
    append_line(page, "DAMAGED", std::to_string(places) + " places in the spool; see the log");
  append_line(page, "written per day", shown_bytes(number(spool.at("disk_bytes_per_day"))));
  if (status.at("stuck").get<bool>()) append_line(page, "STUCK", text(status.at("stuck_what")));
  append_sources(page, status.at("sources"));
  return page;
}

}  // namespace

std::uint64_t AgentStatus::disk_bytes_per_day() const {
  constexpr std::uint64_t kDaySeconds = 86'400;
  if (uptime_s == 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(spool.written_bytes) / static_cast<double>(uptime_s) *
                                    kDaySeconds);
}

std::string shown_bytes(std::uint64_t bytes) {
  constexpr std::array kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

std::string to_json(const AgentStatus& status) {
  const UploadStatus& upload = status.upload;
  const Json json{
      {"device", status.device},
      {"version", status.version},
      {"gateway", status.gateway},
      {"uptime_s", status.uptime_s},
      {"stuck", status.stuck},
      {"stuck_what", status.stuck_what},
      {"spool",
       {{"disk_bytes", status.spool.disk_bytes},
        {"max_bytes", status.spool_bytes_max},
        {"full", status.spool.full},
        {"blocked", status.blocked},
        {"unacknowledged_records", status.spool.unacknowledged_records},
        {"unacknowledged_bytes", status.spool.unacknowledged_bytes},
        {"dropped_records", status.spool.dropped_records},
        {"syncs", status.spool.syncs},
        {"written_bytes", status.spool.written_bytes},
        {"disk_bytes_per_day", status.disk_bytes_per_day()},
        {"scrubbed_bytes", status.spool.scrubbed_bytes},
        {"scrub_passes", status.spool.scrub_passes},
        {"damaged_places", status.spool.damaged_places}}},
      {"intake_bytes", status.intake_bytes},
      {"upload",
       {{"link", to_string(upload.link)},
        {"last_acknowledged", time_or_null(upload.last_acknowledged)},
        {"last_error", upload.last_error},
        {"last_error_time", time_or_null(upload.last_error_time)},
        {"timeline", upload.timeline},
        {"lanes_waiting_for_stream", upload.lanes_waiting_for_stream},
        {"lanes_set_aside", upload.lanes_set_aside}}},
      {"sources", sources_json(status.sources)},
      {"metrics", status.metrics_text}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::string> status_page(std::string_view json) {
  try {
    return page_of(Json::parse(json));
  } catch (const std::exception& e) {
    return Error{Errc::corrupt, std::string("the agent's answer does not decode: ") + e.what()};
  }
}

std::string status_line(const AgentStatus& status) {
  if (status.stuck) return "stuck: " + status.stuck_what;
  return std::to_string(status.spool.unacknowledged_records) + " records to send, spool " +
         shown_bytes(status.spool.disk_bytes) + " of " + shown_bytes(status.spool_bytes_max) + ", link " +
         std::string(to_string(status.upload.link)) +
         (status.upload.last_acknowledged ? ", acknowledged " + shown_time(*status.upload.last_acknowledged) : "");
}

}  // namespace forebay::agent
