#pragma once

#include "wire/firehose/shapes/put_record.h"

namespace forebay::wire::firehose {

struct PutRecordBatchRequest {
  static constexpr std::string_view kShape = "PutRecordBatchInput";
  std::optional<std::string> name;
  std::optional<std::vector<Record>> records;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "Records", .required = true, .min = 1, .max = kRecordsMax}, self.records);
  }
  friend bool operator==(const PutRecordBatchRequest&, const PutRecordBatchRequest&) = default;
};

/// Id, or error code and message.
struct PutRecordBatchResponseEntry {
  static constexpr std::string_view kShape = "PutRecordBatchResponseEntry";
  std::optional<std::string> record_id;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "RecordId"}, self.record_id);
    visit(Rule{.name = "ErrorCode"}, self.error_code);
    visit(Rule{.name = "ErrorMessage"}, self.error_message);
  }
  friend bool operator==(const PutRecordBatchResponseEntry&, const PutRecordBatchResponseEntry&) = default;
};

struct PutRecordBatchResponse {
  static constexpr std::string_view kShape = "PutRecordBatchOutput";
  std::int32_t failed_put_count = 0;
  bool encrypted = false;
  std::vector<PutRecordBatchResponseEntry> request_responses;  ///< in the order of the request

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "FailedPutCount", .required = true}, self.failed_put_count);
    visit(Rule{.name = "Encrypted"}, self.encrypted);
    visit(Rule{.name = "RequestResponses", .required = true}, self.request_responses);
  }
  friend bool operator==(const PutRecordBatchResponse&, const PutRecordBatchResponse&) = default;
};

}  // namespace forebay::wire::firehose
