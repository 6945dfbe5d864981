#include "gateway/kinesis/billing_commitment.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "gateway/kinesis/sequence.h"

namespace forebay::gateway::kinesis {
namespace {

constexpr std::string_view kAttribute = "billing_commitment";
constexpr std::int64_t kTermSeconds = 24 * 60 * 60;

struct Commitment {
  std::int64_t started = 0;   ///< 0: never
  std::int64_t disabled = 0;  ///< 0: not
  [[nodiscard]] std::int64_t earliest_end() const { return started + kTermSeconds; }
  [[nodiscard]] std::int64_t end() const { return std::max(disabled, earliest_end()); }
  [[nodiscard]] bool is_over(std::int64_t now) const { return started == 0 || (disabled != 0 && now >= end()); }
};

Commitment read(const stream::Attributes& account) {
  Commitment commitment;
  const auto found = account.find(kAttribute);
  if (found == account.end()) return commitment;
  const char* const end = found->second.data() + found->second.size();
  const auto [comma, error] = std::from_chars(found->second.data(), end, commitment.started);
  if (error == std::errc() && comma < end) std::from_chars(comma + 1, end, commitment.disabled);
  return commitment;
}

WallTime moment(std::int64_t second) { return from_millis(second * 1000); }

}  // namespace

wire::kinesis::MinimumThroughputBillingCommitmentOutput billing_commitment(const stream::Attributes& account,
                                                                           WallTime now) {
  const Commitment commitment = read(account);
  wire::kinesis::MinimumThroughputBillingCommitmentOutput output;
  output.status = "DISABLED";
  if (commitment.started == 0) return output;
  output.started_at = moment(commitment.started);
  if (commitment.is_over(epoch_seconds(now))) {
    output.ended_at = moment(commitment.end());
    return output;
  }
  output.status = commitment.disabled == 0 ? "ENABLED" : "ENABLED_UNTIL_EARLIEST_ALLOWED_END";
  output.earliest_allowed_end_at = moment(commitment.earliest_end());
  return output;
}

std::optional<stream::AttributeChange> commitment_change(const stream::Attributes& account, bool enable, WallTime now) {
  const std::int64_t second = epoch_seconds(now);
  Commitment commitment = read(account);
  const bool over = commitment.is_over(second);
  if (enable ? !over && commitment.disabled == 0 : over || commitment.disabled != 0) return std::nullopt;
  if (enable && over) commitment.started = second;
  commitment.disabled = enable ? 0 : second;
  return stream::AttributeChange{std::string(kAttribute),
                                 std::to_string(commitment.started) + "," + std::to_string(commitment.disabled)};
}

}  // namespace forebay::gateway::kinesis
