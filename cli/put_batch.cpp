#include "cli/put_batch.h"

#include <algorithm>

#include "cli/text.h"

namespace forebay::cli {
namespace {

constexpr std::size_t kRecordsMax = 500;         // of one PutRecords call
constexpr std::size_t kRequestBytesMax = 4_MiB;  // below the service's 5 MiB
constexpr std::size_t kRecordBytesMax = 1_MiB;
constexpr int kTriesMax = 8;
constexpr Milliseconds kFirstWait{100};
constexpr Milliseconds kWaitMax{5'000};

}  // namespace

Result<void> PutBatch::add(OutgoingRecord record) {
  const std::size_t size = record.data.size() + record.key.size();
  if (size > kRecordBytesMax)
    return Error{Errc::too_large, "record " + with_commas(stored_ + queued_.size() + 1) + " has " + with_commas(size) +
                                      " bytes with its key; at most 1,048,576 are allowed: split it"};
  if (queued_.size() == kRecordsMax || queued_bytes_ + size > kRequestBytesMax) FB_CHECK(flush());
  queued_bytes_ += size;
  queued_.push_back(std::move(record));
  return {};
}

Result<void> PutBatch::flush() {
  Milliseconds wait = kFirstWait;
  for (int attempt = 1; !queued_.empty(); ++attempt) {
    FB_TRY(auto outcomes, client_.put_records(stream_, queued_));
    std::vector<OutgoingRecord> refused;
    std::string reason;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].error.empty()) continue;
      reason = outcomes[i].error;
      refused.push_back(std::move(queued_[i]));
    }
    stored_ += queued_.size() - refused.size();
    queued_ = std::move(refused);
    last_outcomes_ = std::move(outcomes);
    if (queued_.empty()) break;
    if (attempt == kTriesMax)
      return Error{Errc::unavailable, with_commas(queued_.size()) + " records were refused " +
                                          std::to_string(kTriesMax) + " times, last with " + reason + "; " +
                                          with_commas(stored_) + " are stored"};
    if (!session_.console().pause(wait)) return Error{Errc::cancelled, "stopped by the user"};
    wait = std::min(wait * 2, kWaitMax);
  }
  queued_bytes_ = 0;
  return {};
}

}  // namespace forebay::cli
