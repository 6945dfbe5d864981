#include "gateway/firehose/direct_put.h"

#include "gateway/firehose/access.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/record_id.h"

namespace forebay::gateway::firehose {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

StreamOrFault find_put_stream(const Call& call, std::string_view name) {
  if (auto fault = refuse_delivery(call, name)) return *std::move(fault);
  const std::string stream_name = delivery::direct_put_stream(name);
  if (stream::StreamPtr stream = call.services.streams.find(call.account, stream_name)) return stream;
  if (!call.services.deliveries.find(call.account, name)) return no_such_delivery(call, name);
  return Fault{ErrorType::invalid_argument, "Firehose " + std::string(name) + " under account " + call.account +
                                                " takes its records from a stream; put them into that stream."};
}

Task<Result<void>> put_all(Call& call, stream::StreamPtr stream, std::vector<ByteView> data) {
  std::vector<std::string> keys;
  std::vector<stream::PutRecord> records;
  keys.reserve(data.size());
  records.reserve(data.size());
  std::uint64_t bytes = 0;
  for (const ByteView one : data) {
    keys.push_back(random_partition_key(call.scratch.ids));
    records.push_back({keys.back(), std::nullopt, one});
    bytes += one.size();
  }
  const std::span<const stream::PutRecord> wanted(records);
  auto outcomes = co_await call.services.streams.put(stream, wanted);
  if (!outcomes) co_return std::move(outcomes).error();
  call.services.metrics.put_records.add(records.size());
  call.services.metrics.put_bytes.add(bytes);
  co_return Result<void>();
}

Fault put_fault(const Call& call, std::string_view name, const Error& error) {
  if (error.code == Errc::not_found) return no_such_delivery(call, name);
  if (error.code == Errc::permission) return {ErrorType::invalid_kms_resource, error.context};
  return fault_of(error);
}

}  // namespace forebay::gateway::firehose
