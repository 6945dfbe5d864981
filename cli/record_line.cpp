#include "cli/record_line.h"

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "cli/text.h"

namespace forebay::cli {
namespace {

constexpr const char* kDim = "\x1b[2m";
constexpr const char* kCyan = "\x1b[36m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kPlain = "\x1b[0m";

std::string json_line(const ReadRecord& record) {
  nlohmann::ordered_json out{{"shard", record.shard},
                             {"sequence_number", record.sequence_number},
                             {"time", format_time(record.arrival)},
                             {"key", record.key}};
  const std::string_view text = as_text(record.data);
  if (is_utf8(text))
    out["data"] = text;
  else
    out["data_base64"] = to_base64(record.data);
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string format_record(const ReadRecord& record, RecordFormat format, bool color) {
  if (format == RecordFormat::raw) return std::string(as_text(record.data)) + "\n";
  if (format == RecordFormat::json) return json_line(record);
  const std::string time = format_time(record.arrival);
  const std::string key = printable(record.key);
  const std::string data = printable(as_text(record.data));
  if (!color) return time + "  " + key + "  " + data + "\n";
  // Declared losses stand out: they are the one kind of record an operator must see.
  const char* key_color = record.key.starts_with("forebay.gap/") ? kYellow : kCyan;
  return std::string(kDim) + time + kPlain + "  " + key_color + key + kPlain + "  " + data + "\n";
}

}  // namespace forebay::cli
