#pragma once

#include <string>

#include "cli/session.h"

namespace forebay::cli {

struct DeliveryReplayFlags {
  std::string name;
  std::string account;
  std::string from;
  std::string to;
  std::string rate;
  std::string watch;  ///< id of a replay that runs already
  std::string stop;   ///< id of the replay to cancel
  bool list = false;
  bool detach = false;
  bool cancel = false;  ///< Ctrl-C cancels the replay instead of leaving it to the gateway
};

/// Begins a replay and shows its progress until it is done; or lists, watches, stops one.
/// Errors  invalid_argument: flags; io: the replay ended with an error; unavailable: the gateway was away too long.
Result<int> run_delivery_replay(Session& session, const DeliveryReplayFlags& flags);

}  // namespace forebay::cli
