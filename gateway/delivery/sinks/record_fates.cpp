#include "gateway/delivery/sinks/record_fates.h"

namespace forebay::gateway::delivery {

RecordPlace place_of(const DeliveryRecord& record) { return {record.offset.value(), record.sub_sequence}; }

void RecordFates::begin(std::span<const DeliveryRecord> records) {
  if (records.empty()) return;
  const RecordPlace first = place_of(records.front());
  if (first < first_) fates_.clear();
  first_ = first;
  fates_.erase(fates_.begin(), fates_.lower_bound(first));
}

void RecordFates::fail(const DeliveryRecord& record, std::string code, std::string message) {
  fates_[place_of(record)] = {std::move(code), std::move(message)};
}

RecordSink::Outcome RecordFates::collect(std::span<const DeliveryRecord> records) const {
  RecordSink::Outcome outcome;
  for (const DeliveryRecord& record : records) {
    const auto fate = fates_.find(place_of(record));
    if (fate == fates_.end()) break;
    if (!fate->second.code.empty())
      outcome.failures.push_back({outcome.settled, fate->second.code, fate->second.message});
    ++outcome.settled;
  }
  return outcome;
}

}  // namespace forebay::gateway::delivery
