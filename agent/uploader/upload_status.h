#pragma once

#include <optional>
#include <string>

#include "base/units.h"

namespace forebay::agent {

enum class LinkState : std::uint8_t { unknown, up, down };

/// What status shows of the upload side.
struct UploadStatus {
  LinkState link = LinkState::unknown;
  std::optional<WallTime> last_acknowledged;
  std::string last_error;
  std::optional<WallTime> last_error_time;
  std::uint64_t timeline = 0;
  std::uint64_t lanes_waiting_for_stream = 0;
  std::uint64_t lanes_set_aside = 0;
};

}  // namespace forebay::agent
