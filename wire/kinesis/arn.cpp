#include "wire/kinesis/arn.h"

#include <algorithm>

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {
namespace {

/// The part before the next ':', which is removed with it; empty when there is none.
std::string_view take_part(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view part = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return part;
}

}  // namespace

std::string to_string(const StreamArn& arn) {
  std::string out = "arn:aws:kinesis:";
  return out.append(arn.region).append(":").append(arn.account).append(":stream/").append(arn.name);
}

std::optional<StreamArn> parse_stream_arn(std::string_view text) {
  constexpr std::string_view kStream = "stream/";
  if (take_part(text) != "arn" || !take_part(text).starts_with("aws") || take_part(text) != "kinesis")
    return std::nullopt;
  StreamArn arn;
  arn.region = take_part(text);
  arn.account = take_part(text);
  const bool digits = std::all_of(arn.account.begin(), arn.account.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (arn.region.empty() || arn.account.size() != 12 || !digits || !text.starts_with(kStream)) return std::nullopt;
  arn.name = text.substr(kStream.size());
  if (arn.name.size() > 128 || !patterns::kName.matches(arn.name)) return std::nullopt;
  return arn;
}

}  // namespace forebay::wire::kinesis
