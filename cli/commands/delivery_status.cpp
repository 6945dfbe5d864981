#include "cli/commands/delivery_status.h"

#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_expression.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;

constexpr Milliseconds kInterval{1000};

std::string dumped(const Json& document, int indent) {
  return document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

const char* state_of(const DeliverySummary& delivery) { return delivery.paused ? "paused" : "running"; }

std::string ago(WallTime then, WallTime now) {
  return then >= now ? std::string("just now")
                     : format_duration(std::chrono::duration_cast<Milliseconds>(now - then)) + " ago";
}

std::string behind(const DeliveryState& state) {
  if (state.records_behind == 0) return "nothing";
  return counted(state.records_behind, "record") + ", the oldest " + format_duration(state.lag) + " old";
}

std::string status_text(const DeliverySummary& delivery, WallTime now) {
  const DeliveryState& state = delivery.state;
  std::string out = delivery.name + " is " + state_of(delivery) + "\n";
  out += "  behind        " + behind(state) + "\n";
  out += "  delivered     " + counted(state.delivered_records, "record") + ", " + format_bytes(state.delivered_bytes) +
         " since the gateway began\n";
  out += "  last object   ";
  if (state.last_object.empty() && !state.last_success) out += "none yet";
  out += printable(state.last_object);
  if (state.last_success) out += (state.last_object.empty() ? "" : ", ") + ago(*state.last_success, now);
  out += "\n  dead letters  " + with_commas(state.dead_letters) + "\n";
  if (state.open_partitions > 0) out += "  partitions    " + with_commas(state.open_partitions) + " open\n";
  if (!state.last_error.empty())
    out += "  last error    " + printable(state.last_error) +
           (state.last_error_time ? ", " + ago(*state.last_error_time, now) : "") + "\n";
  return out;
}

/// One line of --follow.
std::string status_line(const DeliverySummary& delivery, std::uint64_t delivered_before, WallTime now) {
  const DeliveryState& state = delivery.state;
  const std::uint64_t fresh =
      state.delivered_records >= delivered_before ? state.delivered_records - delivered_before : 0;
  std::string out = format_time(now) + "  " + state_of(delivery) + "  behind " + with_commas(state.records_behind) +
                    " (" + format_duration(state.lag) + ")  delivered " + with_commas(state.delivered_records) + " (+" +
                    with_commas(fresh) + ")";
  const bool failing =
      !state.last_error.empty() &&
      (!state.last_success || (state.last_error_time && *state.last_error_time >= *state.last_success));
  if (failing)
    out += "  error " + printable(state.last_error);
  else if (!state.last_object.empty())
    out += "  last " + printable(state.last_object);
  return out + "\n";
}

Result<int> follow(Session& session, DeliveryClient& client, const std::string& name) {
  Console& console = session.console();
  std::optional<std::uint64_t> before;
  while (console.out_is_open()) {
    auto answer = client.status(name);
    if (!answer && console.interrupted()) return 0;
    if (!answer) return std::move(answer).error();
    const DeliverySummary delivery = delivery_summary_of(*answer);
    const std::uint64_t delivered = delivery.state.delivered_records;
    console.out(session.json ? dumped(*answer, -1)
                             : status_line(delivery, before.value_or(delivered), session.clock().wall_now()));
    console.flush();
    before = delivered;
    if (!console.pause(kInterval)) return 0;
  }
  return 0;
}

}  // namespace

Result<int> list_deliveries(Session& session, const std::string& account) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  DeliveryClient client(*transport, account);
  FB_TRY(const auto deliveries, client.list());
  if (session.json) {
    session.console().out(dumped(Json(deliveries), 2));
    return 0;
  }
  if (deliveries.empty()) {
    session.console().out("no delivery streams at " + session.settings().endpoint +
                          "; make one with: forebay delivery create NAME --from STREAM --bucket BUCKET\n");
    return 0;
  }
  Table table({"NAME", "STATE", "BEHIND", "LAG", "DELIVERED", "DEAD LETTERS", "LAST SUCCESS", "LAST ERROR"});
  const WallTime now = session.clock().wall_now();
  for (const Json& document : deliveries) {
    const DeliverySummary delivery = delivery_summary_of(document);
    const DeliveryState& state = delivery.state;
    table.add({delivery.name, state_of(delivery), with_commas(state.records_behind), format_duration(state.lag),
               with_commas(state.delivered_records), with_commas(state.dead_letters),
               state.last_success ? ago(*state.last_success, now) : "-",
               state.last_error.empty() ? "-" : printable(state.last_error)});
  }
  session.console().out(table.text());
  return 0;
}

Result<int> show_delivery_status(Session& session, const DeliveryStatusFlags& flags) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  DeliveryClient client(*transport, flags.account);
  if (flags.follow) return follow(session, client, flags.name);
  FB_TRY(const Json answer, client.status(flags.name));
  session.console().out(session.json ? dumped(answer, 2)
                                     : status_text(delivery_summary_of(answer), session.clock().wall_now()));
  return 0;
}

}  // namespace forebay::cli
