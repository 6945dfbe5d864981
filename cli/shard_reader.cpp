#include "cli/shard_reader.h"

namespace forebay::cli {

Result<void> ShardReader::open() {
  if (iterator_) return {};
  const WallTime asked = client_.now();
  // An iterator of LATEST that has expired goes on where it stood, not at what is the latest by now.
  if (seen_to_ && from_.kind == StartPoint::Kind::latest) from_ = {StartPoint::Kind::time, *seen_to_};
  auto iterator = last_sequence_number_.empty() ? client_.iterator(stream_, shard_, from_)
                                                : client_.iterator_after(stream_, shard_, last_sequence_number_);
  if (!iterator) return std::move(iterator).error().with_context("shard " + shard_ + " of stream " + stream_);
  iterator_ = *std::move(iterator);
  if (!seen_to_) seen_to_ = asked;
  return {};
}

Result<RecordsPage> ShardReader::next(std::int64_t limit) {
  constexpr int kTriesMax = 3;
  for (int attempt = 1;; ++attempt) {
    FB_CHECK(open());
    const WallTime asked = client_.now();
    auto page = client_.get_records(shard_, *iterator_, limit);
    if (!page && page.error().code == Errc::out_of_range && attempt < kTriesMax) {
      iterator_.reset();  // expired after five minutes
      continue;
    }
    if (!page) return std::move(page).error().with_context("shard " + shard_ + " of stream " + stream_);
    seen_to_ = asked;
    iterator_ = page->next;
    finished_ = !page->next.has_value();
    caught_up_ = page->behind.count() == 0;
    if (!page->records.empty()) last_sequence_number_ = page->records.back().sequence_number;
    return page;
  }
}

}  // namespace forebay::cli
