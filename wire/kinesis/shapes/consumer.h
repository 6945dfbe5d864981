#pragma once

#include "wire/kinesis/rules.h"

namespace forebay::wire::kinesis {

/// A reader registered by name, with a throughput of its own.
struct Consumer {
  static constexpr std::string_view kShape = "Consumer";
  std::string consumer_name;
  std::string consumer_arn;
  std::string consumer_status;  ///< CREATING, ACTIVE or DELETING
  WallTime consumer_creation_timestamp;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ConsumerName", .required = true}, self.consumer_name);
    visit(Rule{.name = "ConsumerARN", .required = true}, self.consumer_arn);
    visit(Rule{.name = "ConsumerStatus", .required = true}, self.consumer_status);
    visit(Rule{.name = "ConsumerCreationTimestamp", .required = true}, self.consumer_creation_timestamp);
  }
  friend bool operator==(const Consumer&, const Consumer&) = default;
};

struct ConsumerDescription {
  static constexpr std::string_view kShape = "ConsumerDescription";
  std::string consumer_name;
  std::string consumer_arn;
  std::string consumer_status;  ///< CREATING, ACTIVE or DELETING
  WallTime consumer_creation_timestamp;
  std::string stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "ConsumerName", .required = true}, self.consumer_name);
    visit(Rule{.name = "ConsumerARN", .required = true}, self.consumer_arn);
    visit(Rule{.name = "ConsumerStatus", .required = true}, self.consumer_status);
    visit(Rule{.name = "ConsumerCreationTimestamp", .required = true}, self.consumer_creation_timestamp);
    visit(Rule{.name = "StreamARN", .required = true}, self.stream_arn);
  }
  friend bool operator==(const ConsumerDescription&, const ConsumerDescription&) = default;
};

}  // namespace forebay::wire::kinesis
