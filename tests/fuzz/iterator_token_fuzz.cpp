// Shard iterators: nothing opens that was not sealed here, and any sealed content is read safely.
#include "gateway/kinesis/iterator_token.h"
#include "tests/fuzz/targets.h"

namespace forebay::fuzz {
namespace {

using namespace gateway::kinesis;

const WallTime kNow = from_millis(1'767'323'045'000);

Sha256 key_of(std::uint8_t byte) {
  Sha256 key;
  key.fill(byte);
  return key;
}

/// A token of ours that strangers changed.
void check_changed(const TokenSealer& sealer, std::string token, ByteView input, const Buffer& content) {
  if (input.size() < 3) return;
  const std::size_t at = (std::size_t{input[0]} << 8 | input[1]) % token.size();
  token[at] = static_cast<char>(input[2]);
  const auto opened = sealer.open(TokenSealer::Kind::iterator, token);
  require(!opened || (opened->content == content && opened->issued == kNow), "a changed token opens as it was or not");
}

}  // namespace

void iterator_token(ByteView input) {
  const TokenSealer sealer(key_of(7));
  // The corpus holds tokens of this key at most by chance.
  const auto foreign = open_iterator(TokenSealer(key_of(9)), as_text(input), kNow, 1);
  require(std::holds_alternative<wire::kinesis::Fault>(foreign), "a stranger's token does not open");

  const auto given = open_iterator(sealer, as_text(input), kNow, 1);
  if (const auto* token = std::get_if<IteratorToken>(&given)) {
    const auto again = open_iterator(sealer, seal_iterator(sealer, *token, kNow, 2), kNow, 1);
    require(std::get_if<IteratorToken>(&again) && std::get<IteratorToken>(again) == *token, "a token seals again");
  }

  const Buffer content = to_buffer(input);
  const std::string sealed = sealer.seal(TokenSealer::Kind::iterator, kNow, 3, content);
  const auto opened = sealer.open(TokenSealer::Kind::iterator, sealed);
  require(opened && opened->content == content && opened->issued == kNow, "what was sealed opens");
  require(!sealer.open(TokenSealer::Kind::shards_page, sealed), "a token does not open as another kind");
  (void)open_iterator(sealer, sealed, kNow, 1);
  check_changed(sealer, sealed, input, content);
}

}  // namespace forebay::fuzz
