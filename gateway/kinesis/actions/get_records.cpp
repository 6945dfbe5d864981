// GetRecords: up to 10,000 records and 10 MiB of data; answers at once, also when there is nothing. At the end of a
// closed shard the answer names its children instead of a next iterator.
#include "wire/kinesis/shapes/get_records.h"

#include <algorithm>

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/actions/put_common.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/describe.h"
#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/error_reply.h"
#include "gateway/kinesis/get_records_answer.h"
#include "gateway/kinesis/iterator_token.h"
#include "gateway/kinesis/sequence.h"
#include "gateway/kinesis/stream_lookup.h"
#include "gateway/kinesis/throttle.h"
#include "wire/kafka/record_batch.h"
#include "wire/kinesis/arn.h"

namespace forebay::gateway::kinesis {
using stream::Offset;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::GetRecordsRequest;
using wire::kinesis::GetRecordsResponse;

namespace {
constexpr std::size_t kAnswerBytesMax = 10u << 20;
constexpr std::size_t kReadBytes = 1u << 20;
constexpr std::int32_t kRecordsMax = 10'000;

/// An answer being filled.
struct Filling {
  std::shared_ptr<const stream::Shard> shard;
  GetRecordsAnswer& answer;
  Offset next;
  Offset latest;  ///< end of the shard when the call came
  std::size_t records_max = 0;
  std::size_t bytes = 0;
  std::optional<WallTime> last_arrival;
  bool full = false;
  bool bytes_full = false;  ///< full because of its bytes
};

/// Adds the records of one stored batch from `filling.next` on.
Result<void> add_batch(Filling& filling, const stream::ReadResult::Batch& batch, Buffer& scratch) {
  const WallTime created = filling.shard->created;
  auto visit = [&](const wire::kafka::BatchRecord& record) -> Result<void> {
    const Offset offset(batch.base.value() + record.offset_delta);
    if (offset < filling.next) return {};
    const std::size_t size = record.key.size() + record.value.size();
    filling.bytes_full = filling.answer.count() > 0 && filling.bytes + size > kAnswerBytesMax;
    filling.full = filling.bytes_full || filling.answer.count() >= filling.records_max;
    if (filling.full) return Error{Errc::cancelled, "answer is full"};
    filling.answer.add(record_number(created, filling.shard->number, offset, batch.arrival), batch.arrival, record.key,
                       record.value, batch.encrypted);
    filling.bytes += size;
    filling.last_arrival = batch.arrival;
    filling.next = Offset(offset.value() + 1);
    return {};
  };
  scratch.clear();
  auto walked = wire::kafka::for_each_record(batch.bytes, wire::kafka::BatchLimits(), scratch, visit);
  if (!walked && !filling.full) return std::move(walked).error();
  return {};
}

/// Where reading goes on after records were trimmed meanwhile or lie in a declared hole. Errors  any other one.
Task<Result<Offset>> after_gap(Call& call, const Filling& filling, const Error& error) {
  const Offset start = filling.shard->start_offset();
  if (error.code == Errc::out_of_range && filling.next < start) co_return start;
  if (error.code != Errc::corrupt) co_return error;
  auto readable = co_await call.services.streams.readable_from(filling.shard, filling.next);
  if (readable && *readable <= filling.next) co_return error;
  if (readable)
    call.services.logger.warning(
        "a reader stepped over a hole",
        {{"shard", filling.shard->number.value()}, {"records", readable->value() - filling.next.value()}});
  co_return readable;
}

Task<Result<void>> fill(Call& call, Filling& filling) {
  while (!filling.full && filling.answer.count() < filling.records_max && filling.bytes < kAnswerBytesMax) {
    auto read = co_await call.services.streams.read(filling.shard, filling.next, kReadBytes);
    if (!read) {
      auto resumed = co_await after_gap(call, filling, read.error());
      if (!resumed) co_return std::move(resumed).error();
      filling.next = *resumed;
      continue;
    }
    const Offset before = filling.next;
    for (const auto& batch : read->batches) {
      if (filling.full) break;
      FB_CO_CHECK(add_batch(filling, batch, call.scratch.unpacked));
    }
    if (filling.next == before || filling.next >= read->end) break;
  }
  co_return Result<void>();
}

GetRecordsResponse rest_of(Call& call, const stream::Stream& stream, const Filling& filling, IteratorToken token) {
  const WallTime now = call.services.clock.wall_now();
  GetRecordsResponse rest;
  rest.millis_behind_latest = 0;
  if (filling.next < filling.latest) {
    const WallTime seen = filling.last_arrival.value_or(filling.shard->created);
    rest.millis_behind_latest = std::max<std::int64_t>(0, to_millis(now) - to_millis(seen));
  }
  if (filling.shard->closed && filling.next >= filling.shard->end_offset()) {
    rest.child_shards = children_of(stream, filling.shard->number);
    return rest;
  }
  token.offset = filling.next;
  rest.next_shard_iterator = seal_iterator(call.services.sealer, token, now, call.services.entropy.next_u64());
  return rest;
}
/// StreamARN may stand beside the iterator, which says the same.
std::optional<Fault> check_arn(const stream::Stream& stream, const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto arn = wire::kinesis::parse_stream_arn(*text);
  if (arn && arn->account == stream.account && arn->name == stream.name) return std::nullopt;
  return Fault{ErrorType::invalid_argument,
               "StreamARN " + *text + " does not agree with the ShardIterator, which is of stream " + stream.name + "."};
}
}  // namespace

Task<Reply> get_records(Call& call) {
  auto decoded = decode_call<GetRecordsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<GetRecordsRequest>(decoded);
  auto opened = open_iterator(call.services.sealer, *request.shard_iterator, call.services.clock.wall_now(),
                              call.services.streams.timeline());
  if (auto* fault = std::get_if<Fault>(&opened)) co_return std::move(*fault);
  const IteratorToken& token = std::get<IteratorToken>(opened);
  auto found = find_stream_of_token(call, token.stream_name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::StreamPtr stream = std::get<stream::StreamPtr>(std::move(found));
  if (auto fault = check_arn(*stream, request.stream_arn)) co_return *std::move(fault);
  const auto shard = stream->id == token.stream ? stream->shard(token.shard) : nullptr;
  if (!shard) co_return no_such_shard(call, stream->name, token.shard.value());
  if (auto fault = throttle_read(call, *stream, shard->number)) co_return *std::move(fault);
  if (request.dry_run.value_or(false)) co_return dry_run_fault();

  std::string text = call.texts.take(64 * 1024);
  text.clear();
  GetRecordsAnswer answer(call.encoding, text);
  Filling filling{shard,
                  answer,
                  std::max(token.offset, shard->start_offset()),
                  shard->end_offset(),
                  static_cast<std::size_t>(request.limit.value_or(kRecordsMax)),
                  0,
                  std::nullopt,
                  false,
                  false};
  if (filling.next < filling.latest) {
    auto filled = co_await fill(call, filling);
    if (!filled) {
      call.services.logger.error("records could not be read",
                                 {{"shard", shard->number.value()}, {"error", filled.error().context}});
      if (answer.count() == 0) co_return storage_fault(filled.error());
    }
  }
  charge_read(call, *stream, shard->number, filling.bytes_full ? kAnswerBytesMax : filling.bytes);
  call.services.metrics.read_records.add(answer.count());
  call.services.metrics.read_bytes.add(filling.bytes);
  const GetRecordsResponse rest = rest_of(call, *stream, filling, token);
  if (stream->meters) {
    stream->meters->gave(shard->number, {answer.count(), filling.bytes});
    stream->meters->iterator_age(shard->number, Milliseconds(rest.millis_behind_latest.value_or(0)),
                                 call.services.clock.steady_now());
  }
  answer.finish(rest);
  co_return text;
}

}  // namespace forebay::gateway::kinesis
