#include "cli/shard_reader.h"

namespace forebay::cli {

Result<void> ShardReader::open() {
  if (iterator_) return {};
  auto iterator = last_sequence_number_.empty() ? client_.iterator(stream_, shard_, from_)
                                                : client_.iterator_after(stream_, shard_, last_sequence_number_);
  if (!iterator) return std::move(iterator).error().with_context("shard " + shard_ + " of stream " + stream_);
  iterator_ = *std::move(iterator);
  return {};
}

Result<RecordsPage> ShardReader::next(std::int64_t limit) {
  constexpr int kTriesMax = 3;
  for (int attempt = 1;; ++attempt) {
    FB_CHECK(open());
    auto page = client_.get_records(shard_, *iterator_, limit);
    if (!page && page.error().code == Errc::out_of_range && attempt < kTriesMax) {
      iterator_.reset();  // expired after five minutes
      continue;
    }
    if (!page) return std::move(page).error().with_context("shard " + shard_ + " of stream " + stream_);
    iterator_ = page->next;
    finished_ = !page->next.has_value();
    caught_up_ = page->behind.count() == 0;
    if (!page->records.empty()) last_sequence_number_ = page->records.back().sequence_number;
    return page;
  }
}

}  // namespace forebay::cli
