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
#include "gateway/delivery/delivery_service.h"
#include "gateway/firehose/declared_schema.h"
#include "gateway/firehose/document_edits.h"
#include "gateway/firehose/firehose_metrics.h"
#include "gateway/http/request.h"
#include "gateway/http/request_ids.h"
#include "gateway/stream/stream_keys.h"
#include "gateway/stream/stream_service.h"
#include "wire/kinesis/error_type.h"

namespace forebay::gateway::firehose {

/// What the Firehose front of every loop shares; all outlive the fronts.
struct FirehoseServices {
  delivery::DeliveryService& deliveries;
  stream::StreamService& streams;
  const Clock& clock;
  Entropy& entropy;
  FirehoseMetrics& metrics;
  Logger logger;
  std::string default_account;  ///< of keys that name none
  std::string region;           ///< empty: of the request's credential scope
  DeclaredSchemas schemas = {};
  std::shared_ptr<const stream::KeyRing> keys = nullptr;  ///< for encryption at rest; null: none
  std::shared_ptr<DocumentEdits> edits = std::make_shared<DocumentEdits>();
};

/// Memory that one loop's calls use in turn; nobody keeps it over a suspension.
struct CallScratch {
  explicit CallScratch(Entropy& entropy) : ids(entropy) {}
  http::RequestIds ids;  ///< of stored records
};

/// One call on its way.
struct Call {
  const FirehoseServices& services;
  CallScratch& scratch;
  const http::Request& request;
  std::string_view action;  ///< name of the call
  std::string account;      ///< tenant: delivery streams of other accounts do not exist for this call
  std::string region;       ///< for ARNs

  [[nodiscard]] std::string_view body() const { return as_text(request.body); }
};

/// The body of the answer, or why the call was refused.
using Reply = std::variant<std::string, wire::kinesis::Fault>;

/// One row of the table of calls.
struct Action {
  std::string_view name;  ///< behind the target prefix
  Task<Reply> (*handler)(Call& call);
  /// Where the call differs from the service: docs/FIREHOSE_SUPPORT.md prints it. Empty: nowhere known.
  std::string_view difference = {};
};

}  // namespace forebay::gateway::firehose
