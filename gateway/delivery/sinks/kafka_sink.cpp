#include "gateway/delivery/sinks/kafka_sink.h"

namespace forebay::gateway::delivery {

Result<void> KafkaSink::make_producer() {
  FB_TRY(KafkaLibrary* const library, parts_.library());
  FB_TRY(const KafkaProducerOptions options, parts_.options());
  FB_TRY(producer_, library->make_producer(options));
  return {};
}

RecordSink::Outcome KafkaSink::deliver(std::span<const DeliveryRecord> records, const Attempt&) {
  fates_.begin(records);
  std::vector<const DeliveryRecord*> left;
  for (const DeliveryRecord& record : records)
    if (!fates_.settled(record)) left.push_back(&record);
  std::string error;
  const std::size_t step = one_by_one_ ? 1 : left.size();
  for (std::size_t at = 0; at < left.size() && error.empty(); at += step) error = send(Records(left).subspan(at, step));
  if (error.empty()) one_by_one_ = false;
  Outcome outcome = fates_.collect(records);
  outcome.error = std::move(error);
  return outcome;
}

std::string KafkaSink::send(Records records) {
  if (cancelled_) return "cancelled: stopped";
  if (producer_ != nullptr && !producer_->usable()) producer_.reset();
  if (producer_ == nullptr)
    if (auto made = make_producer(); !made) return made.error().to_string();
  std::vector<KafkaMessage> messages;
  messages.reserve(records.size());
  for (const DeliveryRecord* record : records)
    messages.push_back({record->partition_key, record->data, record->arrival});
  const std::vector<KafkaReport> reports = producer_->send(messages, cancelled_);
  std::string error;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const KafkaReport& report = reports[i];
    if (report.kind == KafkaReport::Kind::stored) {
      fates_.take(*records[i]);
    } else if (report.kind == KafkaReport::Kind::refused && records.size() == 1) {
      fates_.fail(*records[i], report.code, report.message);
    } else {
      // What was refused is the cause; the others fell with it.
      const bool cause = report.kind == KafkaReport::Kind::refused;
      if (error.empty() || (cause && !one_by_one_)) error = "Kafka: " + report.code + ": " + report.message;
      one_by_one_ = one_by_one_ || cause;
    }
  }
  // Its idempotence ends at the first message that was given up: the next attempt begins with another.
  if (!error.empty()) producer_.reset();
  return error;
}

}  // namespace forebay::gateway::delivery
