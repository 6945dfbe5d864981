#include "gateway/kinesis/consumer_arn.h"

#include <charconv>

#include "wire/kinesis/arn.h"
#include "wire/kinesis/rules.h"

namespace forebay::gateway::kinesis {

namespace {
constexpr std::string_view kConsumer = "/consumer/";

std::optional<std::int64_t> parse_seconds(std::string_view digits) {
  std::int64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  if (digits.empty() || digits.front() == '-' || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}
}  // namespace

std::string to_string(const ConsumerArn& arn) {
  wire::kinesis::StreamArn stream;
  stream.region = arn.region;
  stream.account = arn.account;
  stream.name = arn.stream;
  return wire::kinesis::to_string(stream).append(kConsumer).append(arn.name).append(":").append(
      std::to_string(arn.created_s));
}

std::optional<ConsumerArn> parse_consumer_arn(std::string_view text) {
  const std::size_t border = text.find(kConsumer);
  if (border == std::string_view::npos) return std::nullopt;
  const auto stream = wire::kinesis::parse_stream_arn(text.substr(0, border));
  const std::string_view rest = text.substr(border + kConsumer.size());
  const std::size_t colon = rest.rfind(':');
  if (!stream || colon == std::string_view::npos) return std::nullopt;
  const auto created = parse_seconds(rest.substr(colon + 1));
  ConsumerArn arn;
  arn.region = stream->region;
  arn.account = stream->account;
  arn.stream = stream->name;
  arn.name = rest.substr(0, colon);
  if (!created || !wire::kinesis::fits(arn.name, wire::kinesis::rules::kConsumerName)) return std::nullopt;
  arn.created_s = *created;
  return arn;
}

}  // namespace forebay::gateway::kinesis
