#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "base/units.h"
#include "gateway/delivery/definition.h"
#include "gateway/stream/stream_service.h"

namespace forebay::gateway::delivery {

/// What is durable of a delivery stream.
struct DeliveryInfo {
  std::string account;
  std::string name;
  std::string document;       ///< JSON of whoever made it: the definition in the words of that front, tags, ...
  std::uint64_t version = 1;  ///< rises with every change of the definition
  WallTime created;
  WallTime updated;
  bool paused = false;
  bool from_config = false;   ///< of gateway.toml: changed there only
};

/// How far delivery is, added up over its shards.
struct DeliveryStatus {
  std::uint64_t records_behind = 0;
  Milliseconds lag{0};             ///< age of the oldest record not delivered
  std::uint64_t delivered_records = 0;  ///< since the process began
  std::uint64_t delivered_bytes = 0;
  std::uint64_t dead_letters = 0;
  std::string last_object;         ///< key; empty: none yet
  std::optional<WallTime> last_success;
  std::string last_error;
  std::optional<WallTime> last_error_time;
  std::uint64_t open_partitions = 0;
};

struct ReplayRequest {
  WallTime from;
  WallTime to;
  std::uint64_t bytes_per_second = 0;  ///< 0: no limit
};
struct ReplayStatus {
  std::string id;
  std::uint64_t records_done = 0;
  std::uint64_t records_total = 0;
  bool finished = false;
  std::string last_error;
};

/// Delivery streams and their work: what the Firehose front, the delivery front and the configuration call.
/// Threads  any event loop. Tasks resume on the executor they were awaited from.
class DeliveryService {
 public:
  virtual ~DeliveryService() = default;

  /// Look-ups; no waiting.
  [[nodiscard]] virtual std::optional<DeliveryInfo> find(std::string_view account, std::string_view name) const = 0;
  /// Sorted by name, names after `after`, at most `limit`.
  [[nodiscard]] virtual std::vector<DeliveryInfo> list(std::string_view account, std::string_view after,
                                                       std::size_t limit) const = 0;
  [[nodiscard]] virtual DeliveryStatus status(std::string_view account, std::string_view name) const = 0;

  /// Durable and running when it completes; makes the stream of a direct put. `info` brings account, name and document.
  /// Errors  already_exists; not_found: the source stream; invalid_argument: what a builder or sink refuses;
  /// unsupported: a missing package; permission: an address that is not allowed.
  virtual Task<Result<DeliveryInfo>> create(DeliveryInfo info, DeliveryDefinition definition) = 0;
  /// Replaces document and definition; what was cut keeps the old one. Errors  not_found; conflict: `version` is not the
  /// present one; as create().
  virtual Task<Result<DeliveryInfo>> update(std::string account, std::string name, std::uint64_t version,
                                            std::string document, DeliveryDefinition definition) = 0;
  /// Replaces the document only (tags, encryption words): no new version. Errors  not_found.
  virtual Task<Result<DeliveryInfo>> annotate(std::string account, std::string name, std::string document) = 0;
  /// Stops it, removes the stream of a direct put with what was not delivered. Errors  not_found.
  virtual Task<Result<void>> remove(std::string account, std::string name) = 0;
  virtual Task<Result<DeliveryInfo>> set_paused(std::string account, std::string name, bool paused) = 0;

  /// Delivers a time range once more, under names of its own; goes on after a restart. Result  its id.
  virtual Task<Result<std::string>> replay(std::string account, std::string name, ReplayRequest request) = 0;
  [[nodiscard]] virtual std::vector<ReplayStatus> replays(std::string_view account, std::string_view name) const = 0;
  virtual Task<Result<void>> cancel_replay(std::string account, std::string name, std::string id) = 0;
};

}  // namespace forebay::gateway::delivery
