#pragma once

#include "base/result.h"
#include "gateway/kinesis/shared_events.h"
#include "gateway/stream/stream_service.h"

/// Events of a subscription: records straight from the stored batches into the frame.
namespace forebay::gateway::kinesis {

/// Payload bytes of one event; a record that is larger goes alone. The service sends about twice as much; half of it is
/// what a reader that stalls holds, and 400 events a second fill a 200 MB/s connection.
inline constexpr std::size_t kEventBytesMax = 512 * 1024;
inline constexpr std::size_t kEventRecordsMax = 10'000;
/// Stored bytes that make about that much JSON.
inline constexpr std::size_t kEventReadBytes = kEventBytesMax / 4 * 3;

/// What an event is about. Everything is borrowed.
struct EventSource {
  const stream::Stream& stream;
  const stream::Shard& shard;
  WallTime now;
  SteadyTime made;
};

/// Writes the event with the records of `read` from `from` on, until it is full. At the end of a closed shard it names
/// the children instead of a number to continue after.
/// `frame` is memory to write into (its content is replaced), `unpacked` is for compressed batches.
/// Errors  corrupt: the first record cannot be read; damage further on ends the event before it.
Result<EncodedEvent> encode_event(const EventSource& source, stream::Offset from, const stream::ReadResult& read,
                                  std::string frame, Buffer& unpacked);

/// The event that is sent when nothing arrived, or at the very end of a closed shard. Its number to continue after has
/// the second of `source.now`, so it rises although no record came, and lies behind the record before `at`.
EncodedEvent encode_empty_event(const EventSource& source, stream::Offset at, WallTime last_arrival);

}  // namespace forebay::gateway::kinesis
