#pragma once

#include <string_view>

#include "base/result.h"
#include "gateway/delivery/definition.h"

namespace forebay::gateway::delivery {

using SinkDestination = decltype(RecordDestination::sink);

/// The destination that a URL names; its scheme tells the kind (docs/SINKS.md):
///   https:, http:                   Firehose's HTTP endpoint protocol
///   jsonl+https:, jsonl+http:       plain JSON lines
///   function+https:, function+http: a function behind a URL; parameters of ours are taken out of the query
///   exec:/PROGRAM?arg=A&arg=B       a function that is a program
///   mqtt:, mqtts:  //HOST:PORT/TOPIC?qos=1&user=U&password_file=F&ca_file=F
///   kinesis+https:, kinesis+http:  //HOST/STREAM?region=R&order=key
///   kafka:  //HOST:PORT,HOST:PORT/TOPIC?SETTING=VALUE
/// Whatever a URL cannot say (access key, gzip, attributes) has its default.
/// Errors  invalid_argument: names the part and what it may be. Never shows a value that may be secret.
Result<SinkDestination> parse_sink_url(std::string_view url);

}  // namespace forebay::gateway::delivery
