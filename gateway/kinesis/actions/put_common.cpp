#include "gateway/kinesis/actions/put_common.h"

#include "gateway/kinesis/encryption.h"
#include "wire/kinesis/arn.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
constexpr std::uint64_t kRequestBytesMax = 10u << 20;
}

std::optional<Fault> decode_put(Call& call, PutKind kind) {
  if (call.encoding == Encoding::cbor) {
    wire::kinesis::CborPutDecoder& decoder = call.scratch.cbor_decoder;
    return kind == PutKind::one ? decoder.decode_put_record(call.request.body)
                                : decoder.decode_put_records(call.request.body);
  }
  wire::kinesis::PutDecoder& decoder = call.scratch.decoder;
  return kind == PutKind::one ? decoder.decode_put_record(call.body(), call.request.body_padding)
                              : decoder.decode_put_records(call.body(), call.request.body_padding);
}

const wire::kinesis::PutView& decoded_put(const Call& call) {
  return call.encoding == Encoding::cbor ? call.scratch.cbor_decoder.view() : call.scratch.decoder.view();
}

Task<StreamOrFault> begin_put(Call& call, PutKind kind) {
  if (auto fault = decode_put(call, kind)) co_return *std::move(fault);
  const wire::kinesis::PutView& view = decoded_put(call);
  auto name = stream_name_of(view.stream_name, view.stream_arn);
  if (auto* fault = std::get_if<Fault>(&name)) co_return std::move(*fault);
  std::string& text = std::get<std::string>(name);
  const auto arn = view.stream_arn ? wire::kinesis::parse_stream_arn(*view.stream_arn) : std::nullopt;
  const bool foreign = arn && arn->account != call.account;
  StreamOrFault known = find_stream_of(call, foreign ? arn->account : std::string_view(call.account), text);
  const Fault* fault = std::get_if<Fault>(&known);
  if (foreign || !fault || fault->type != wire::kinesis::ErrorType::resource_not_found) co_return known;
  // The stream would be made, and the records would go into it.
  if (view.dry_run && may_create_stream(call, text)) co_return dry_run_fault();
  StreamOrFault made = co_await find_or_create_stream(call, std::move(text));
  // Another call of this loop may have used the decoder meanwhile.
  if (auto fault = decode_put(call, kind)) co_return *std::move(fault);
  co_return made;
}

std::variant<std::uint64_t, Fault> prepare_records(Call& call, const stream::Stream& stream) {
  std::uint64_t data_bytes = 0;
  std::uint64_t all_bytes = 0;
  call.scratch.records.clear();
  for (const auto& entry : decoded_put(call).entries) {
    const std::uint64_t size = entry.partition_key.size() + entry.data.size();
    if (size > stream.record_bytes_max)
      return Fault{ErrorType::invalid_argument, "A record with its partition key has " + std::to_string(size) +
                                                    " bytes; stream " + stream.name + " takes at most " +
                                                    std::to_string(stream.record_bytes_max) + "."};
    data_bytes += entry.data.size();
    all_bytes += size;
    call.scratch.records.push_back({entry.partition_key, entry.explicit_hash_key, entry.data});
  }
  if (all_bytes > kRequestBytesMax)
    return Fault{ErrorType::invalid_argument, "The records of one request have " + std::to_string(all_bytes) +
                                                  " bytes; at most 10485760 are taken."};
  return data_bytes;
}

Fault put_fault(const Call& call, const stream::Stream& stream, const Error& error) {
  if (error.code == Errc::not_found) return no_such_stream(call, stream.name);
  return storage_fault(error);
}

Fault dry_run_fault() { return {ErrorType::dry_run_operation, "The request would have succeeded, but DryRun is set."}; }

}  // namespace forebay::gateway::kinesis
