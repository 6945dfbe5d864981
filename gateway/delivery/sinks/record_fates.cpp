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
  bool gap = false;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto fate = fates_.find(place_of(records[i]));
    gap = gap || fate == fates_.end();
    if (!gap) ++outcome.settled;
    if (fate == fates_.end()) continue;
    if (!fate->second.code.empty())
      outcome.failures.push_back({i, fate->second.code, fate->second.message});
    else if (gap)
      outcome.taken.push_back(i);
  }
  return outcome;
}

}  // namespace forebay::gateway::delivery
