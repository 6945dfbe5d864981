#include "gateway/kinesis/iterator_token.h"

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

}  // namespace forebay::gateway::kinesis
