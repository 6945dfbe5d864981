#pragma once

#include <memory>

#include "gateway/delivery/definition.h"
#include "gateway/delivery/record_sink.h"
#include "gateway/delivery/sinks/sink_environment.h"

namespace forebay::gateway::delivery {

/// The sink of a destination for one lane. Nothing is connected yet.
/// Errors  invalid_argument: what in the destination cannot be, and how it could; permission: a program or password
///         file outside its folder; unsupported: a missing package, named.
Result<std::unique_ptr<RecordSink>> make_record_sink(const RecordDestination& destination, const SourceShard& source,
                                                     const SinkEnvironment& environment);

/// Whether the host of a destination that is not reached by HTTP may be connected to, and how: for plain connections by
/// the address that was judged, with TLS by name, so that the certificate can be checked.
/// Errors  permission: names the address; unavailable, not_found: of the resolver.
Result<std::string> judged_host(const std::string& host, bool tls, const SinkEnvironment& environment);

}  // namespace forebay::gateway::delivery
