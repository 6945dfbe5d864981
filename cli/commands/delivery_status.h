#pragma once

#include <string>

#include "cli/delivery_client.h"
#include "cli/session.h"

namespace forebay::cli {

struct DeliveryStatusFlags {
  std::string name;
  std::string account;
  bool follow = false;
};

/// One line per delivery stream.
Result<int> list_deliveries(Session& session, const std::string& account);
/// How far one delivery stream is; with `follow` a line per second until Ctrl-C.
Result<int> show_delivery_status(Session& session, const DeliveryStatusFlags& flags);

}  // namespace forebay::cli
