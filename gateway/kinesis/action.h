#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/task.h"
#include "gateway/http/body_stream.h"
#include "gateway/http/buffer_pool.h"
#include "gateway/http/request.h"
#include "gateway/kinesis/encoding.h"
#include "gateway/kinesis/fan_out.h"
#include "gateway/kinesis/kinesis_metrics.h"
#include "gateway/kinesis/sequence_texts.h"
#include "gateway/kinesis/shard_limits.h"
#include "gateway/kinesis/token_sealer.h"
#include "gateway/stream/stream_keys.h"
#include "gateway/stream/stream_service.h"
#include "wire/kinesis/cbor_put_decoder.h"
#include "wire/kinesis/error_type.h"
#include "wire/kinesis/put_decoder.h"

namespace forebay::gateway::kinesis {

/// What the Kinesis front of every loop shares.
struct KinesisServices {
  stream::StreamService& streams;
  const Clock& clock;
  Entropy& entropy;
  const TokenSealer& sealer;
  KinesisMetrics& metrics;
  Logger logger;
  std::string default_account;  ///< of keys that name none
  std::string region;           ///< empty: of the request's credential scope
  bool auto_create_streams = false;
  std::uint64_t shard_limit = 20'000;
  std::shared_ptr<ShardLimits> limits = nullptr;          ///< of single shards; null: none
  std::shared_ptr<const stream::KeyRing> keys = nullptr;  ///< for encryption at rest; null: none
  std::shared_ptr<FanOut> fan_out = std::make_shared<FanOut>();
};

/// Memory that one loop's calls use in turn; nobody keeps it over a suspension.
struct CallScratch {
  wire::kinesis::PutDecoder decoder;
  wire::kinesis::CborPutDecoder cbor_decoder;
  std::vector<stream::PutRecord> records;
  Buffer unpacked;
  SequenceTexts sequence_texts;
  std::string event;  ///< of a subscription

  /// Gives back what large puts left in the decoders.
  void trim() {
    decoder.trim(0);
    cbor_decoder.trim();
  }
};

/// One call on its way.
struct Call {
  const KinesisServices& services;
  CallScratch& scratch;
  http::TextPool& texts;
  const http::Request& request;
  std::string_view action;             ///< name of the call
  std::string account;                 ///< tenant: streams of other accounts do not exist for this call
  std::string region;                  ///< for ARNs
  Encoding encoding = Encoding::json;  ///< of the body and of the answer; see call_codec.h

  [[nodiscard]] std::string_view body() const { return as_text(request.body); }
};

/// The body of the answer in the encoding of the call (empty: none), or why the call was refused, or an event stream.
using Reply = std::variant<std::string, wire::kinesis::Fault, std::unique_ptr<http::BodyStream>>;

enum class Permission : std::uint8_t { read, write, admin };

/// One row of the table of calls.
struct Action {
  std::string_view name;  ///< behind the target prefix
  Permission permission;
  Task<Reply> (*handler)(Call& call);
  /// Where the call differs from the service: docs/KINESIS_SUPPORT.md prints it. Empty: nowhere known.
  std::string_view difference = {};
  bool declined = false;   ///< known, but always answered with the error `difference` tells of
  bool json_only = false;  ///< a CBOR body gives InternalFailure, as the service does
};

}  // namespace forebay::gateway::kinesis
