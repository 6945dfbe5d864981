#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/object_store.h"
#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// Makes the far ends that a definition names. The composition gives the real one; tests their own.
/// Threads  any.
class SinkFactory {
 public:
  virtual ~SinkFactory() = default;
  /// The bucket, with the endpoint and credentials of the configuration. Errors  invalid_argument: no such bucket can be.
  virtual Result<std::shared_ptr<ObjectStore>> object_store(const std::string& bucket) = 0;
  /// A sink for one lane. Errors  invalid_argument: the destination cannot be used and why; permission: its address is
  /// not allowed; unsupported: a missing package, named.
  virtual Result<std::unique_ptr<RecordSink>> record_sink(const RecordDestination& destination,
                                                          const SourceShard& source) = 0;
};

}  // namespace forebay::gateway::delivery
