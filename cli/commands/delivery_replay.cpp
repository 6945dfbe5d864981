#include "cli/commands/delivery_replay.h"

#include <algorithm>
#include <utility>

#include "base/units_text.h"
#include "cli/app.h"
#include "cli/delivery_client.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/time_expression.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;

constexpr Milliseconds kInterval{500};
constexpr std::chrono::minutes kSilenceMax{5};

std::string dumped(const Json& document, int indent) {
  return document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// "50MB/s", "1MiB". Errors  invalid_argument.
Result<std::uint64_t> rate_of(std::string_view text) {
  std::string_view size = text;
  if (size.ends_with("/s")) size.remove_suffix(2);
  const auto bytes = parse_size(size);
  if (bytes && *bytes > 0) return *bytes;
  return Error{Errc::invalid_argument,
               "--rate " + std::string(text) + ": write a size per second, like 50MB/s or 8MiB/s"};
}

Result<ReplayRange> range_of(const DeliveryReplayFlags& flags, WallTime now) {
  ReplayRange out;
  if (flags.from.empty())
    return Error{Errc::invalid_argument,
                 "--from is missing: where does the replay of " + flags.name + " begin? an age like 2h, or UTC time"};
  FB_TRY(const StartPoint from, parse_start_point(flags.from, now));
  if (from.kind == StartPoint::Kind::latest)
    return Error{Errc::invalid_argument,
                 "--from latest: there is nothing to replay from there; name a time in the past"};
  if (from.kind == StartPoint::Kind::time) out.from = from.time;
  if (!flags.to.empty()) {
    FB_TRY(const StartPoint to, parse_start_point(flags.to, now, "--to"));
    if (to.kind == StartPoint::Kind::start)
      return Error{Errc::invalid_argument, "--to start: there is nothing before it; name a time"};
    out.to = to.kind == StartPoint::Kind::time ? to.time : now;
    if (*out.to <= out.from)
      return Error{Errc::invalid_argument, "--to " + flags.to + " does not lie behind --from " + flags.from};
  }
  if (!flags.rate.empty()) {
    FB_TRY(out.bytes_per_second, rate_of(flags.rate));
  }
  return out;
}

/// Shows one replay until it is done.
class ReplayWatch {
 public:
  ReplayWatch(Session& session, DeliveryClient& client, const DeliveryReplayFlags& flags, std::string id)
      : session_(session),
        client_(client),
        flags_(flags),
        id_(std::move(id)),
        progress_(session.console(), session.clock(), "replay " + id_),
        start_(session.clock().steady_now()),
        heard_(start_) {}

  Result<int> run();

 private:
  Result<bool> look();
  void show_error(const std::string& text);
  Result<int> leave();
  Result<int> report();

  Session& session_;
  DeliveryClient& client_;
  const DeliveryReplayFlags& flags_;
  std::string id_;
  Progress progress_;
  SteadyTime start_;
  SteadyTime heard_;  ///< last answer of the gateway
  ReplayState state_;
  bool seen_ = false;
  std::string shown_error_;
};

void ReplayWatch::show_error(const std::string& text) {
  if (text.empty() || text == shown_error_) return;
  shown_error_ = text;
  progress_.finish();
  session_.console().err("replay " + id_ + ": " + printable(text) + "\n");
}

/// True once it is done. A gateway that is away for a while is waited for: the replay goes on after its restart.
Result<bool> ReplayWatch::look() {
  auto replays = client_.replays(flags_.name);
  if (!replays) {
    const bool away = replays.error().code == Errc::unavailable || replays.error().code == Errc::timed_out;
    if (!away || session_.clock().steady_now() - heard_ > kSilenceMax) return std::move(replays).error();
    show_error(replays.error().context);
    return false;
  }
  heard_ = session_.clock().steady_now();
  const auto found = std::ranges::find_if(*replays, [&](const Json& one) { return replay_state_of(one).id == id_; });
  if (found == replays->end())
    return Error{Errc::not_found, "delivery stream " + flags_.name + " has no replay " + id_ +
                                      "; list them with: forebay delivery replay " + flags_.name + " --list"};
  state_ = replay_state_of(*found);
  if (!state_.finished) show_error(state_.last_error);
  if (!std::exchange(seen_, true) && !flags_.watch.empty()) progress_.begin_at(state_.records_done);
  progress_.update(state_.records_done, state_.records_total);
  return state_.finished;
}

/// After Ctrl-C.
Result<int> ReplayWatch::leave() {
  progress_.finish();
  if (!flags_.cancel) {
    session_.console().err("the replay goes on in the gateway; watch it again with: forebay delivery replay " +
                           flags_.name + " --watch " + id_ + "\n");
    return exit_code_of(Errc::cancelled);
  }
  FB_TRY(const auto transport, session_.closing_transport());
  FB_CHECK(DeliveryClient(*transport, flags_.account).cancel_replay(flags_.name, id_));
  session_.console().err("replay " + id_ + " is cancelled; what it delivered stays\n");
  return exit_code_of(Errc::cancelled);
}

Result<int> ReplayWatch::report() {
  progress_.finish();
  if (!state_.last_error.empty())
    return Error{Errc::io, "replay " + id_ + " of " + flags_.name + " ended after " +
                               counted(state_.records_done, "record") + ": " + printable(state_.last_error)};
  const auto length = std::chrono::duration_cast<Milliseconds>(session_.clock().steady_now() - start_);
  if (session_.json)
    session_.console().out(dumped(Json{{"id", id_}, {"records", state_.records_done}, {"finished", true}}, -1));
  else
    session_.console().out("replay " + id_ + " of " + flags_.name + " is done: " +
                           counted(state_.records_done, "record") + ", " + format_duration(length) + "\n");
  return 0;
}

Result<int> ReplayWatch::run() {
  for (;;) {
    const auto done = look();
    if (session_.console().interrupted()) return leave();
    if (!done) {
      progress_.finish();
      return done.error();
    }
    if (*done) return report();
    if (!session_.console().pause(kInterval)) return leave();
  }
}

Result<int> list(Session& session, DeliveryClient& client, const std::string& name) {
  FB_TRY(const auto replays, client.replays(name));
  if (session.json) {
    session.console().out(dumped(Json(replays), 2));
    return 0;
  }
  if (replays.empty()) {
    session.console().out("delivery stream " + name + " has no replays\n");
    return 0;
  }
  Table table({"REPLAY", "STATE", "RECORDS", "OF", "LAST ERROR"});
  for (const Json& document : replays) {
    const ReplayState replay = replay_state_of(document);
    table.add({replay.id, replay.finished ? "done" : "running", with_commas(replay.records_done),
               with_commas(replay.records_total), replay.last_error.empty() ? "-" : printable(replay.last_error)});
  }
  session.console().out(table.text());
  return 0;
}

}  // namespace

Result<int> run_delivery_replay(Session& session, const DeliveryReplayFlags& flags) {
  FB_TRY(KinesisTransport* const transport, session.transport());
  DeliveryClient client(*transport, flags.account);
  if (flags.list) return list(session, client, flags.name);
  if (!flags.stop.empty()) {
    FB_CHECK(client.cancel_replay(flags.name, flags.stop));
    session.console().out("replay " + flags.stop + " is cancelled; what it delivered stays\n");
    return 0;
  }
  if (!flags.watch.empty()) return ReplayWatch(session, client, flags, flags.watch).run();
  FB_TRY(const ReplayRange range, range_of(flags, session.clock().wall_now()));
  FB_TRY(const std::string id, client.replay(flags.name, range));
  if (!flags.detach) return ReplayWatch(session, client, flags, id).run();
  session.console().out(session.json ? dumped(Json{{"id", id}}, -1)
                                     : "replay " + id + " of " + flags.name + " is under way\n");
  return 0;
}

}  // namespace forebay::cli
