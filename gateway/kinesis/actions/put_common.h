#pragma once

#include <optional>
#include <span>

#include "gateway/kinesis/action.h"
#include "gateway/kinesis/stream_lookup.h"

/// What PutRecord and PutRecords share.
namespace forebay::gateway::kinesis {

enum class PutKind : std::uint8_t { one, many };

/// Decodes the body into call.scratch.
std::optional<wire::kinesis::Fault> decode_put(Call& call, PutKind kind);
/// What decode_put() read last.
const wire::kinesis::PutView& decoded_put(const Call& call);

/// Decodes, then finds the stream (creating it when so configured); afterwards call.scratch holds the decoded request.
Task<StreamOrFault> begin_put(Call& call, PutKind kind);

/// Checks sizes and fills call.scratch.records. Result  data bytes of all records.
std::variant<std::uint64_t, wire::kinesis::Fault> prepare_records(Call& call, const stream::Stream& stream);

/// A failed put as clients see it.
wire::kinesis::Fault put_fault(const Call& call, const stream::Stream& stream, const Error& error);

wire::kinesis::Fault dry_run_fault();

}  // namespace forebay::gateway::kinesis
