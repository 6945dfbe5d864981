#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/delivery/definition.h"
#include "gateway/delivery/objects/partition_query.h"
#include "gateway/delivery/record.h"

namespace forebay::gateway::delivery {

/// Why a record could not be processed.
struct ProcessingFailure {
  std::string_view type;  ///< names the folder of the error object: processing-failed, ...
  std::string_view code;
  std::string message;
};

inline constexpr std::string_view kProcessingFailed = "processing-failed";
inline constexpr std::string_view kDecompressionFailed = "decompression-failed";
inline constexpr std::string_view kConversionFailed = "format-conversion-failed";
inline constexpr std::string_view kPartitioningFailed = "dynamic-partitioning-failed";

/// Who gets what a Processor makes of a record; views are valid for the call.
class ProcessedRecords {
 public:
  virtual ~ProcessedRecords() = default;
  /// `partition_keys`: values of the partition query, empty without one.
  virtual void take(const DeliveryRecord& record, const std::vector<std::string>& partition_keys) = 0;
  /// The record as it was before the step that failed.
  virtual void fail(const DeliveryRecord& record, const ProcessingFailure& failure) = 0;
};

/// Takes stored records through the steps of a delivery stream: aggregates are opened, gzip is opened, log messages are
/// taken out of their envelope, records are split into sub-records, partition keys are read. A function of its input.
/// Threads  one.
class Processor {
 public:
  /// A gzip record may grow to this much, and to kGzipGrowthMax times its size if that is more than kGzipFloor.
  static constexpr std::size_t kGzipContentMax = 32 << 20;
  static constexpr std::size_t kGzipGrowthMax = 64;
  static constexpr std::size_t kGzipFloor = 1 << 20;
  static constexpr std::size_t kSubRecordsMax = 500;
  static constexpr std::size_t kLogMessagesMax = 10'000;  ///< the service sends no more in one record

  /// Errors  invalid_argument: the query, with the place; settings that exclude each other.
  static Result<Processor> make(const Processing& processing);
  void run(const DeliveryRecord& record, ProcessedRecords& out);
  [[nodiscard]] const std::vector<std::string>& partition_ids() const { return query_.ids(); }

 private:
  explicit Processor(const Processing& processing) : processing_(processing) {}
  bool open_aggregate(const DeliveryRecord& record, ProcessedRecords& out);
  void decompress(const DeliveryRecord& record, ProcessedRecords& out);
  void extract_messages(const DeliveryRecord& record, ProcessedRecords& out);
  void split(const DeliveryRecord& record, ProcessedRecords& out);
  void partition(const DeliveryRecord& record, ProcessedRecords& out);

  Processing processing_;
  PartitionQuery query_;
  std::vector<std::string> values_;
};

}  // namespace forebay::gateway::delivery
