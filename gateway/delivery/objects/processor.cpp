#include "gateway/delivery/objects/processor.h"

#include <algorithm>
#include <optional>

#include "gateway/delivery/objects/deflate.h"
#include "gateway/delivery/objects/log_envelope.h"
#include "gateway/delivery/objects/sub_records.h"
#include "wire/kinesis/aggregated_record.h"

namespace forebay::gateway::delivery {
namespace {

DeliveryRecord with_data(const DeliveryRecord& record, ByteView data) {
  DeliveryRecord part = record;
  part.data = data;
  return part;
}

std::size_t gzip_content_max(std::size_t compressed) {
  return std::min(Processor::kGzipContentMax, std::max(Processor::kGzipFloor, compressed * Processor::kGzipGrowthMax));
}

}  // namespace

Result<Processor> Processor::make(const Processing& processing) {
  const auto refused = [](const char* why) { return Error{Errc::invalid_argument, why}; };
  if (processing.extract_log_messages && !processing.decompress)
    return refused("CloudWatchLogProcessing: message extraction needs the Decompression processor");
  if (processing.sub_records_json && processing.sub_record_delimiter)
    return refused("RecordDeAggregation: SubRecordType is JSON or DELIMITED, not both");
  if (processing.sub_record_delimiter && processing.sub_record_delimiter->empty())
    return refused("RecordDeAggregation: the delimiter is empty");
  Processor processor(processing);
  FB_TRY(processor.query_, PartitionQuery::parse(processing.partition_query));
  return processor;
}

void Processor::run(const DeliveryRecord& record, ProcessedRecords& out) {
  if (processing_.deaggregate && !record.aggregated && open_aggregate(record, out)) return;
  decompress(record, out);
}

bool Processor::open_aggregate(const DeliveryRecord& record, ProcessedRecords& out) {
  const auto users = wire::kinesis::unpack_aggregated(record.data);
  if (!users) return false;
  DeliveryRecord part = record;
  part.aggregated = true;
  for (std::size_t i = 0; i < users->size(); ++i) {
    const wire::kinesis::UserRecord& user = (*users)[i];
    part.sub_sequence = static_cast<std::uint32_t>(i);
    part.partition_key = user.partition_key;
    part.explicit_hash_key = user.explicit_hash_key ? hash_key_from_decimal(*user.explicit_hash_key) : std::nullopt;
    part.data = user.data;
    decompress(part, out);
  }
  return true;
}

void Processor::decompress(const DeliveryRecord& record, ProcessedRecords& out) {
  if (!processing_.decompress) return split(record, out);
  auto content = gzip_decompress(record.data, gzip_content_max(record.data.size()));
  if (!content) return out.fail(record, {kDecompressionFailed, "Decompression.Failed", content.error().context});
  const DeliveryRecord opened = with_data(record, *content);
  processing_.extract_log_messages ? extract_messages(opened, out) : split(opened, out);
}

void Processor::extract_messages(const DeliveryRecord& record, ProcessedRecords& out) {
  auto messages = read_log_messages(as_text(record.data), kLogMessagesMax);
  if (!messages)
    return out.fail(record, {kProcessingFailed, "CloudWatchLogProcessing.Failed", messages.error().context});
  for (const std::string& message : *messages) split(with_data(record, as_bytes(message)), out);
}

void Processor::split(const DeliveryRecord& record, ProcessedRecords& out) {
  if (!processing_.sub_records_json && !processing_.sub_record_delimiter) return partition(record, out);
  auto parts = processing_.sub_records_json
                   ? split_json(record.data, kSubRecordsMax)
                   : split_delimited(record.data, *processing_.sub_record_delimiter, kSubRecordsMax);
  if (!parts) return out.fail(record, {kProcessingFailed, "RecordDeAggregation.Failed", parts.error().context});
  for (const ByteView part : *parts) partition(with_data(record, part), out);
}

void Processor::partition(const DeliveryRecord& record, ProcessedRecords& out) {
  auto read = query_.evaluate(as_text(record.data), values_);
  if (!read)
    return out.fail(record,
                    {kPartitioningFailed, "DynamicPartitioning.MetadataExtractionFailed", read.error().context});
  out.take(record, values_);
}

}  // namespace forebay::gateway::delivery
