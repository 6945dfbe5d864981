#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

struct StopStreamEncryptionRequest {
  static constexpr std::string_view kShape = "StopStreamEncryptionRequest";
  std::optional<std::string> stream_name;
  std::optional<std::string> encryption_type;
  std::optional<std::string> key_id;
  std::optional<std::string> stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kStreamName, self.stream_name);
    visit(Rule{.name = "EncryptionType", .required = true, .values = values::kEncryptionType}, self.encryption_type);
    visit(rules::kKeyId, self.key_id);
    visit(rules::kStreamArn, self.stream_arn);
  }
  friend bool operator==(const StopStreamEncryptionRequest&, const StopStreamEncryptionRequest&) = default;
};

}  // namespace forebay::wire::kinesis
