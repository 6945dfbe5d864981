#include "gateway/delivery/sinks/function_lane.h"

#include "gateway/delivery/sinks/function_answer.h"
#include "gateway/delivery/sinks/function_event.h"

namespace forebay::gateway::delivery {
namespace {

constexpr std::size_t kEventFrame = 16;

}  // namespace

RecordSink::Outcome FunctionLane::run(Records records, WallTime now) {
  RecordSink::Outcome outcome;
  if (records.empty()) return outcome;
  if (place_of(*records.front()) != head_) batches_.clear();
  while (outcome.settled < records.size()) {
    Records left = records.subspan(outcome.settled);
    if (batches_.empty() || batches_.front().records > left.size()) batches_ = {cut(left)};
    head_ = place_of(*left.front());
    const std::size_t before = outcome.settled;
    expire(left.first(batches_.front().records), now, outcome);
    if (outcome.settled != before) continue;
    if (invoke(left.first(batches_.front().records), now, outcome) == Step::later) break;
  }
  if (outcome.settled < records.size()) head_ = place_of(*records[outcome.settled]);
  return outcome;
}

FunctionLane::Batch FunctionLane::cut(Records records) const {
  Batch batch;
  std::size_t bytes = kEventFrame;
  while (batch.records < records.size() && batch.records < function_.batch_size) {
    bytes += event_bytes(source_, *records[batch.records]);
    if (batch.records > 0 && bytes > kFunctionEventBytesMax) break;
    ++batch.records;
  }
  return batch;
}

void FunctionLane::expire(Records batch, WallTime now, RecordSink::Outcome& outcome) {
  if (function_.record_age_max_seconds < 0) return;
  const auto oldest = now - std::chrono::seconds(function_.record_age_max_seconds);
  std::size_t expired = 0;
  while (expired < batch.size() && batch[expired]->arrival < oldest) ++expired;
  if (expired == 0) return;
  const std::string age = "older than " + std::to_string(function_.record_age_max_seconds) + " seconds";
  give_up(expired, "RecordAgeExceeded", age, outcome);
}

FunctionLane::Step FunctionLane::invoke(Records batch, WallTime now, RecordSink::Outcome& outcome) {
  const FunctionEvent event = make_function_event(source_, batch);
  Invocation invocation = invoker_->invoke(event.json, now);
  if (invocation.kind == Invocation::Kind::unreachable) {
    outcome.error = std::move(invocation.error);
    outcome.retry_after = invocation.retry_after;
    return Step::later;
  }
  if (invocation.kind == Invocation::Kind::function_error) {
    outcome.retry_after = invocation.retry_after;
    return on_function_error(batch, std::move(invocation.error), outcome);
  }
  if (!function_.report_item_failures) {
    settle(batch.size(), outcome);
    return Step::again;
  }
  const auto done = parse_item_failures(invocation.answer, event.sequence_numbers);
  if (!done) return on_function_error(batch, done.error().context, outcome);
  settle(*done, outcome);
  if (*done == batch.size()) return Step::again;
  const std::string error = "the function reported record " + event.sequence_numbers[*done] + " as failed";
  if (*done == 0) return on_function_error(batch, error, outcome);
  // What is left is a batch of its own, with this as its first failure: the checkpoint is the place of the split.
  batches_.front().failures = 0;
  if (function_.bisect_on_error) return Step::again;
  return on_function_error(batch.subspan(*done), error, outcome);
}

FunctionLane::Step FunctionLane::on_function_error(Records batch, std::string error, RecordSink::Outcome& outcome) {
  if (function_.bisect_on_error && batch.size() > 1) {
    const Batch second{batch.size() - batch.size() / 2, 0};
    batches_.front() = {batch.size() / 2, 0};
    batches_.insert(batches_.begin() + 1, second);
    return Step::again;
  }
  const std::uint32_t failures = ++batches_.front().failures;
  if (function_.attempts_max >= 0 && failures > static_cast<std::uint64_t>(function_.attempts_max)) {
    give_up(batch.size(), "RetryAttemptsExhausted", error, outcome);
    return Step::again;
  }
  outcome.error = std::move(error);
  return Step::later;
}

void FunctionLane::settle(std::size_t records, RecordSink::Outcome& outcome) {
  outcome.settled += records;
  batches_.front().records -= records;
  if (batches_.front().records == 0) batches_.pop_front();
}

void FunctionLane::give_up(std::size_t records, const char* code, const std::string& message,
                           RecordSink::Outcome& outcome) {
  for (std::size_t i = 0; i < records; ++i) outcome.failures.push_back({outcome.settled + i, code, message});
  settle(records, outcome);
}

}  // namespace forebay::gateway::delivery
