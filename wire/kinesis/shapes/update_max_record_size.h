#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct UpdateMaxRecordSizeRequest {
  static constexpr std::string_view kShape = "UpdateMaxRecordSizeRequest";
  std::optional<std::string> stream_arn;
  std::optional<std::int32_t> max_record_size_in_kib;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamArn, self.stream_arn);
    visit(Rule{.name = "MaxRecordSizeInKiB", .required = true, .min = 1024, .max = 10240}, self.max_record_size_in_kib);
  }
  friend bool operator==(const UpdateMaxRecordSizeRequest&, const UpdateMaxRecordSizeRequest&) = default;
};

}  // namespace forebay::wire::kinesis
