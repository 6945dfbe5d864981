#include "gateway/kinesis/iterator_token.h"

#include <array>
#include <cstdio>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::string seal_iterator(const TokenSealer& sealer, const IteratorToken& token, WallTime now, std::uint64_t nonce) {
  Buffer content;
  ByteWriter writer(content);
  writer.u64_be(token.stream.value());
  writer.u32_be(token.shard.value());
  writer.i64_be(token.offset.value());
  writer.u64_be(token.timeline);
  writer.text(token.stream_name);
  return sealer.seal(TokenSealer::Kind::iterator, now, nonce, content);
}

std::variant<IteratorToken, Fault> open_iterator(const TokenSealer& sealer, std::string_view text, WallTime now,
                                                 std::uint64_t timeline) {
  const auto opened = sealer.open(TokenSealer::Kind::iterator, text);
  if (!opened) return Fault{ErrorType::invalid_argument, "Invalid ShardIterator."};
  ByteReader reader(opened->content);
  IteratorToken token;
  token.stream = stream::StreamId(reader.u64_be());
  token.shard = stream::ShardNumber(reader.u32_be());
  token.offset = stream::Offset(reader.i64_be());
  token.timeline = reader.u64_be();
  token.stream_name = as_text(reader.rest());
  if (!reader.ok()) return Fault{ErrorType::invalid_argument, "Invalid ShardIterator."};
  if (now - opened->issued > kTokenLife || token.timeline != timeline)
    return Fault{ErrorType::expired_iterator,
                 "Iterator expired. The iterator was created at time " + service_time(opened->issued) +
                     " while right now it is " + service_time(now) +
                     " which is further in the future than the tolerated delay of 300000 milliseconds."};
  return token;
}

std::string service_time(WallTime time) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[48];
  std::snprintf(text, sizeof(text), "%s %s %02u %02d:%02d:%02d UTC %04d", kDays[std::chrono::weekday(day).c_encoding()],
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(date.year()));
  return text;
}

}  // namespace forebay::gateway::kinesis
