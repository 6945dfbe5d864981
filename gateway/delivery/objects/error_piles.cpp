#include "gateway/delivery/objects/error_piles.h"

#include "base/digest.h"
#include "gateway/delivery/objects/codec.h"

namespace forebay::gateway::delivery {

FinishedObject finish_object(const ObjectNames::Name& name, Buffer content, std::uint64_t bytes_before,
                             std::uint64_t records, Compression compression) {
  FinishedObject object;
  object.key = name.key;
  object.body = compress(compression, std::move(content), name.uuid);
  object.content_encoding = traits_of(compression).content_encoding;
  object.sha256 = sha256(object.body);
  object.records = records;
  object.bytes_before = bytes_before;
  return object;
}

void ErrorPiles::add(std::string_view error_type, const ErrorLine& line) {
  auto found = piles_.find(error_type);
  if (found == piles_.end()) found = piles_.emplace(error_type, Pile()).first;
  Pile& pile = found->second;
  const std::size_t before = pile.bytes.empty() ? 0 : pile.held();
  append_error_line(pile.bytes, line);
  pile.count(line.arrival);
  held_ += pile.held() - before;
  largest_ = std::max<std::uint64_t>(largest_, pile.bytes.size());
}

std::optional<FinishedObject> ErrorPiles::next_object(const Cut& cut) {
  if (piles_.empty()) return std::nullopt;
  const auto first = piles_.begin();
  Pile& pile = first->second;
  held_ -= pile.held();
  const std::uint64_t size = pile.bytes.size();
  FinishedObject object = finish_object(names_.error_name(cut, pile.oldest, first->first), std::move(pile.bytes), size,
                                        pile.records, compression_);
  object.error_type = first->first;
  piles_.erase(first);
  if (piles_.empty()) largest_ = 0;
  return object;
}

}  // namespace forebay::gateway::delivery
