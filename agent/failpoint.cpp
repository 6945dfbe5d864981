#include "agent/failpoint.h"

#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>

namespace forebay::agent {
namespace {

constexpr std::array kRows{
    FailpointRow{Failpoint::chunk_queued, "chunk_queued", "a source handed over a chunk"},
    FailpointRow{Failpoint::before_append, "before_append", "before the spool writes a group"},
    FailpointRow{Failpoint::after_append, "after_append", "a group is durable, its givers do not know yet"},
    FailpointRow{Failpoint::position_forgotten, "position_forgotten", "the position of a finished file was forgotten"},
    FailpointRow{Failpoint::batch_sealed, "batch_sealed", "the seal of a batch is durable"},
    FailpointRow{Failpoint::batch_built, "batch_built", "a batch is compressed"},
    FailpointRow{Failpoint::request_encoded, "request_encoded", "a request is ready"},
    FailpointRow{Failpoint::before_send, "before_send", "before a request leaves"},
    FailpointRow{Failpoint::after_reply, "after_reply", "a reply arrived and was not looked at"},
    FailpointRow{Failpoint::before_acknowledge, "before_acknowledge", "before the spool learns of a committed batch"},
    FailpointRow{Failpoint::after_acknowledge, "after_acknowledge", "the spool has recorded an acknowledgement"},
    FailpointRow{Failpoint::open_replied, "open_replied", "the gateway answered an opening"},
    FailpointRow{Failpoint::acknowledged_lowered, "acknowledged_lowered", "an acknowledgement was taken back"},
    FailpointRow{Failpoint::gap_declared, "gap_declared", "a loss was declared"},
    FailpointRow{Failpoint::records_resealed, "records_resealed", "refused records were appended anew"},
    FailpointRow{Failpoint::before_close, "before_close", "everything stopped, the spool is still open"},
};

}  // namespace

Result<void> Failpoints::arm(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  std::int64_t count = 1;
  if (colon != std::string_view::npos) {
    const std::string_view number = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    if (error != std::errc() || end != number.data() + number.size() || count < 1)
      return Error{Errc::invalid_argument, "failpoint count \"" + std::string(number) + "\" is not a number from 1"};
  }
  for (const FailpointRow& row : kRows) {
    if (row.name != name) continue;
    point_ = row.point;
    remaining_ = count;
    armed_ = true;
    return {};
  }
  return Error{Errc::invalid_argument,
               "no failpoint \"" + std::string(name) + "\"; forebay-agent --list-failpoints shows the names"};
}

std::span<const FailpointRow> Failpoints::rows() { return kRows; }

void Failpoints::kill_this_process() {
  std::raise(SIGKILL);
  std::abort();
}

}  // namespace forebay::agent
