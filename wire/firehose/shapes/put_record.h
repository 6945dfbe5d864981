#pragma once

#include "wire/firehose/rules.h"

namespace forebay::wire::firehose {

struct Record {
  static constexpr std::string_view kShape = "Record";
  static constexpr std::string_view kPackage = kJavaPackage;
  std::optional<Buffer> data;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "Data", .required = true, .min = 0, .max = kDataBytesMax}, self.data);
  }
  friend bool operator==(const Record&, const Record&) = default;
};

struct PutRecordRequest {
  static constexpr std::string_view kShape = "PutRecordInput";
  std::optional<std::string> name;
  std::optional<Record> record;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "Record", .required = true}, self.record);
  }
  friend bool operator==(const PutRecordRequest&, const PutRecordRequest&) = default;
};

struct PutRecordResponse {
  static constexpr std::string_view kShape = "PutRecordOutput";
  std::string record_id;
  bool encrypted = false;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "RecordId", .required = true}, self.record_id);
    visit(Rule{.name = "Encrypted"}, self.encrypted);
  }
  friend bool operator==(const PutRecordResponse&, const PutRecordResponse&) = default;
};

}  // namespace forebay::wire::firehose
