#include "gateway/kinesis/subscription_event.h"

#include <algorithm>

#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/sequence.h"
#include "wire/kafka/record_batch.h"
#include "wire/kinesis/event_stream.h"
#include "wire/kinesis/get_records_json.h"

namespace forebay::gateway::kinesis {
using stream::Offset;
using wire::kinesis::EventFrame;
using wire::kinesis::GetRecordsJson;
using wire::kinesis::SubscribeToShardEvent;

namespace {
constexpr std::string_view kEventType = "SubscribeToShardEvent";
constexpr std::size_t kTailBytes = 512;  ///< members after the records, where no child shards are named

/// An event being written.
struct Writing {
  const EventSource& source;
  GetRecordsJson& json;
  EncodedEvent& event;
  bool full = false;
};

/// Adds the records of one stored batch from `event.next` on.
Result<void> add_batch(Writing& writing, const stream::ReadResult::Batch& batch, Buffer& unpacked) {
  EncodedEvent& event = writing.event;
  const stream::Shard& shard = writing.source.shard;
  auto visit = [&](const wire::kafka::BatchRecord& record) -> Result<void> {
    const Offset offset(batch.base.value() + record.offset_delta);
    if (offset < event.next) return {};
    const std::size_t size = GetRecordsJson::size_max(record.key, record.value);
    writing.full = event.records >= kEventRecordsMax ||
                   (event.records > 0 && event.frame.size() + size + kTailBytes > kEventBytesMax);
    if (writing.full) return Error{Errc::cancelled, "the event is full"};
    writing.json.add(record_number(shard.created, shard.number, offset, batch.arrival), batch.arrival, record.key,
                     record.value, batch.encrypted);
    ++event.records;
    event.data_bytes += record.key.size() + record.value.size();
    event.last_arrival = batch.arrival;
    event.next = offset + 1;
    return {};
  };
  unpacked.clear();
  auto walked = wire::kafka::for_each_record(batch.bytes, wire::kafka::BatchLimits(), unpacked, visit);
  if (!walked && !writing.full) return std::move(walked).error();
  return {};
}

/// Number of the record before `next`; for an empty event a later second stands in it.
std::string continuation_of(const EventSource& source, const EncodedEvent& event) {
  wire::kinesis::SequenceNumber number = starting_number(source.shard);
  number.counter = static_cast<std::uint64_t>(event.next.value());
  number.arrival_s = epoch_seconds(event.last_arrival);
  if (event.records == 0) number.arrival_s = std::max(number.arrival_s + 1, epoch_seconds(source.now));
  return to_decimal(number);
}

/// Writes what follows the records and closes the frame.
void finish_event(const EventSource& source, GetRecordsJson& json, EventFrame& frame, EncodedEvent& event) {
  SubscribeToShardEvent rest;
  const bool at_tip = event.next >= source.shard.end_offset();
  event.last = at_tip && source.shard.closed;
  if (!at_tip)
    rest.millis_behind_latest = std::max<std::int64_t>(0, to_millis(source.now) - to_millis(event.last_arrival));
  if (event.last)
    rest.child_shards = children_of(source.stream, source.shard.number);
  else
    rest.continuation_sequence_number = continuation_of(source, event);
  json.finish(rest);
  frame.finish();
}
}  // namespace

Result<EncodedEvent> encode_event(const EventSource& source, Offset from, const stream::ReadResult& read,
                                  std::string frame_memory, Buffer& unpacked) {
  EncodedEvent event;
  event.from = event.next = from;
  event.made = source.made;
  event.frame = std::move(frame_memory);
  event.frame.clear();
  EventFrame frame = wire::kinesis::begin_event(event.frame, kEventType);
  GetRecordsJson json(event.frame);
  Writing writing{source, json, event, false};
  for (const auto& batch : read.batches) {
    if (writing.full) break;
    auto added = add_batch(writing, batch, unpacked);
    if (!added && event.records == 0) return std::move(added).error();
    if (!added) break;
  }
  finish_event(source, json, frame, event);
  return event;
}

EncodedEvent encode_empty_event(const EventSource& source, Offset at, WallTime last_arrival) {
  EncodedEvent event;
  event.from = event.next = at;
  event.last_arrival = last_arrival;
  event.made = source.made;
  EventFrame frame = wire::kinesis::begin_event(event.frame, kEventType);
  GetRecordsJson json(event.frame);
  finish_event(source, json, frame, event);
  return event;
}

}  // namespace forebay::gateway::kinesis
