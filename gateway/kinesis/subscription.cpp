#include "gateway/kinesis/subscription.h"

#include <algorithm>

#include "gateway/kinesis/encryption.h"
#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/event_stream.h"
#include "wire/kinesis/shard_id.h"

namespace forebay::gateway::kinesis {
using stream::Offset;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
/// How long a wait for records lasts at most, so that a newer subscription, a deregistered consumer and a cancelled
/// answer are noticed.
constexpr Milliseconds kLookAround{1000};
}  // namespace

Fault Subscription::in_use(const Call& call, const FoundConsumer& found, const stream::Shard& shard) {
  return {ErrorType::resource_in_use, "Another active subscription exists for this consumer: " + call.account + ":" +
                                          found.stream->name + ":" +
                                          wire::kinesis::to_shard_id(shard.number.value()) + ":" +
                                          found.consumer.name};
}

Subscription::Subscription(const Call& call, FoundConsumer found, std::shared_ptr<const stream::Shard> shard,
                           Offset next, SubscriptionTable::Place place)
    : services_(call.services),
      scratch_(call.scratch),
      stream_(found.stream),
      shard_(std::move(shard)),
      consumer_(found.consumer),
      place_(std::move(place)),
      farewells_{no_such_stream(call, stream_->name),
                 no_such_consumer(call, consumer_arn_of(call, *stream_, consumer_)),
                 no_such_shard(call, stream_->name, shard_->number.value()), in_use(call, found, *shard_)},
      next_(next),
      last_arrival_(shard_->created),
      ends_(services_.clock.steady_now() + kLife),
      event_due_(services_.clock.steady_now()) {
  services_.metrics.subscriptions.add(1);
}

Subscription::~Subscription() { services_.metrics.subscriptions.add(-1); }

Task<std::optional<Buffer>> Subscription::next() {
  if (!opened_) {
    opened_ = true;
    std::string frame;
    wire::kinesis::append_initial_response(frame);
    co_return to_buffer(as_bytes(frame));
  }
  while (!over_) {
    if (const Fault* fault = look_around()) co_return farewell(*fault);
    const SteadyTime now = services_.clock.steady_now();
    if (now >= ends_) break;
    if (next_ < shard_->end_offset()) {
      auto event = co_await read_event();
      if (event) co_return event;
    } else if (shard_->closed || now >= event_due_) {
      if (!shard_->closed) last_arrival_ = std::max(last_arrival_, shard_->last_arrival());
      co_return deliver(encode_empty_event(source(), next_, last_arrival_));
    } else {
      co_await wait();
    }
  }
  over_ = true;
  co_return std::nullopt;
}

/// Takes the newest snapshot. Result  why the subscription ends, if it does.
const Fault* Subscription::look_around() {
  if (place_.is_replaced()) return &farewells_.replaced;
  stream::StreamPtr newest = services_.streams.find(stream_->account, stream_->name);
  if (newest == stream_) return nullptr;
  if (!newest || newest->id != stream_->id) return &farewells_.stream;
  const auto registered = find_consumer(*newest, consumer_.name);
  if (!registered || registered->created != consumer_.created) return &farewells_.consumer;
  auto shard = newest->shard(shard_->number);
  if (!shard) return &farewells_.shard;
  stream_ = std::move(newest);
  shard_ = std::move(shard);
  return nullptr;
}

EventSource Subscription::source() const {
  return {*stream_, *shard_, services_.clock.wall_now(), services_.clock.steady_now()};
}

Task<std::optional<Buffer>> Subscription::read_event() {
  const SharedEvents::EventPtr shared = place_.events().find(next_, services_.clock.steady_now());
  if (shared) co_return deliver(*shared);
  const auto read = co_await services_.streams.read(shard_, next_, kEventReadBytes);
  if (!read) {
    if (read.error().code == Errc::permission) co_return farewell(storage_fault(read.error()));
    co_await step_over_gap(read.error());
    co_return std::nullopt;
  }
  auto encoded = encode_event(source(), next_, *read, std::move(scratch_.event), scratch_.unpacked);
  if (!encoded) {
    co_await step_over_gap(encoded.error());
    co_return std::nullopt;
  }
  EncodedEvent& event = *encoded;
  Buffer piece = deliver(event);
  if (place_.has_company() && !event.last) {
    // A copy that is not larger than it must be; the memory written into stays with the loop.
    EncodedEvent copy = event;
    place_.events().add(std::make_shared<const EncodedEvent>(std::move(copy)));
  }
  if (event.frame.capacity() <= 2 * kEventBytesMax) scratch_.event = std::move(event.frame);
  co_return piece;
}

/// Goes on behind records that were trimmed meanwhile or lie in a declared hole. Ends where nothing follows.
Task<void> Subscription::step_over_gap(Error error) {
  const Offset start = shard_->start_offset();
  if (error.code == Errc::out_of_range && next_ < start) {
    next_ = start;
    co_return;
  }
  if (error.code == Errc::corrupt) {
    const auto readable = co_await services_.streams.readable_from(shard_, next_);
    if (readable && *readable > next_) {
      services_.logger.warning("a reader stepped over a hole", {{"shard", shard_->number.value()},
                                                                {"records", readable->value() - next_.value()}});
      next_ = *readable;
      co_return;
    }
  }
  // Without a deleted stream behind it this is the gateway's end, or a disk that does not read: the client asks again.
  over_ = look_around() == nullptr;
  if (over_ && error.code != Errc::not_found)
    services_.logger.error("records could not be read for a subscription",
                           {{"shard", shard_->number.value()}, {"error", error.context}});
}

Task<void> Subscription::wait() {
  const SteadyTime now = services_.clock.steady_now();
  place_.events().expire(now);
  const SteadyTime wake = std::min({event_due_, ends_, now + kLookAround});
  const auto timeout = std::max(Milliseconds(1), std::chrono::ceil<Milliseconds>(wake - now));
  const auto waited = co_await services_.streams.wait_for_records(shard_, next_, timeout);
  if (!waited) over_ = look_around() == nullptr;
}

/// Moves on behind the event. Result  its frame.
Buffer Subscription::deliver(const EncodedEvent& event) {
  next_ = event.next;
  last_arrival_ = std::max(last_arrival_, event.last_arrival);
  event_due_ = services_.clock.steady_now() + kEventInterval;
  over_ = event.last;
  services_.metrics.fan_out_events.add();
  services_.metrics.fan_out_records.add(event.records);
  services_.metrics.fan_out_bytes.add(event.data_bytes);
  if (stream_->meters && event.records > 0)
    stream_->meters->gave(shard_->number, {event.records, event.data_bytes});
  return to_buffer(as_bytes(event.frame));
}

Buffer Subscription::farewell(const Fault& fault) {
  over_ = true;
  std::string frame;
  wire::kinesis::append_exception(fault, frame);
  return to_buffer(as_bytes(frame));
}

}  // namespace forebay::gateway::kinesis
