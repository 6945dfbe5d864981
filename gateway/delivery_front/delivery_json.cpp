#include "gateway/delivery_front/delivery_json.h"

#include <algorithm>
#include <array>
#include <string>

namespace forebay::gateway::delivery_front {
using Json = nlohmann::ordered_json;

namespace {
constexpr std::string_view kCover = "***";
constexpr std::array kSecretWords = {"accesskey", "password", "secret", "token", "commonattributes"};

bool is_secret(std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != '-') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::any_of(kSecretWords, [&](const char* word) { return plain.find(word) != std::string::npos; });
}

/// The depth is that of what a front accepted and stored.
void cover_secrets(Json& value) {
  if (value.is_array())
    for (Json& item : value) cover_secrets(item);
  if (!value.is_object()) return;
  for (auto& [name, item] : value.items()) {
    if (is_secret(name) && !item.is_null())
      item = kCover;
    else
      cover_secrets(item);
  }
}
}  // namespace

Json info_json(const delivery::DeliveryInfo& info) {
  return Json{{"name", info.name},
              {"account", info.account},
              {"version", info.version},
              {"created_ms", to_millis(info.created)},
              {"updated_ms", to_millis(info.updated)},
              {"paused", info.paused},
              {"from_config", info.from_config}};
}

Json status_json(const delivery::DeliveryStatus& status) {
  Json out{{"records_behind", status.records_behind},
           {"lag_ms", status.lag.count()},
           {"delivered_records", status.delivered_records},
           {"delivered_bytes", status.delivered_bytes},
           {"dead_letters", status.dead_letters},
           {"open_partitions", status.open_partitions},
           {"last_object", status.last_object},
           {"last_success_ms", nullptr},
           {"last_error", status.last_error},
           {"last_error_ms", nullptr}};
  if (status.last_success) out["last_success_ms"] = to_millis(*status.last_success);
  if (status.last_error_time) out["last_error_ms"] = to_millis(*status.last_error_time);
  return out;
}

Json replay_json(const delivery::ReplayStatus& replay) {
  return Json{{"id", replay.id},
              {"records_done", replay.records_done},
              {"records_total", replay.records_total},
              {"finished", replay.finished},
              {"last_error", replay.last_error}};
}

Json document_json(std::string_view document) {
  Json out = Json::parse(document, nullptr, false);
  if (out.is_discarded()) return nullptr;
  cover_secrets(out);
  return out;
}

}  // namespace forebay::gateway::delivery_front
