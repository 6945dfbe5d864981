// Manifest entries and their keys as anybody may have put them into a bucket: what is read is written back the same.
#include "tests/fuzz/targets.h"
#include "wire/manifest/entry.h"
#include "wire/manifest/key.h"

namespace forebay::fuzz {

void manifest(ByteView input) {
  using namespace wire::manifest;
  const std::string_view text = as_text(input);
  if (const auto place = parse_entry_key(text))
    require(entry_key(place->lane, place->index) == text, "a key is the one of its entry");
  const auto entry = parse_entry(text);
  if (!entry.ok()) {
    require(!entry.error().context.empty(), "a refusal says why");
    return;
  }
  require(entry.value().first <= entry.value().last, "a cut has a record");
  const std::string written = encode(entry.value());
  const auto again = parse_entry(written);
  if (!again.ok()) throw Broken("an entry written anew is refused: " + again.error().context);
  require(again.value() == entry.value(), "an entry written anew is the same");
  require(encode(again.value()) == written, "and has the same bytes");
}

}  // namespace forebay::fuzz
