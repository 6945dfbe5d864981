#pragma once

#include <span>

#include "gateway/delivery/definition.h"
#include "gateway/delivery/engine/delivery_rows.h"
#include "gateway/delivery/engine/held_record.h"
#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// Why a record is given up.
struct DeadRecord {
  DeliveryRecord record;
  std::uint32_t attempts = 1;
  std::string code;
  std::string message;
};

/// The object that a batch of dead letters becomes: JSON lines in the form of Firehose's failure objects, under the
/// error prefix of the destination. `made` dates the attempt and makes the key one of its own.
/// Errors  invalid_argument: the error prefix.
Result<DeadLetterRow> make_dead_letters(const RecordDestination& destination, const SourceShard& source,
                                        std::uint64_t version, std::string_view track,
                                        std::span<const DeadRecord> records, WallTime made);
/// The same for records that were lost before they could be sent; see loss_line().
Result<DeadLetterRow> make_loss_letter(const RecordDestination& destination, const Cut& cut, const std::string& reason);

/// Whether such objects can be named. Errors  invalid_argument: names the field.
Result<void> check_dead_letters(const RecordDestination& destination);

/// "http-endpoint-failed", "function-failed", ...
std::string_view error_type_of(const RecordDestination& destination);

}  // namespace forebay::gateway::delivery
