#pragma once

#include "wire/firehose/shapes/delivery_source.h"
#include "wire/firehose/shapes/encryption.h"
#include "wire/firehose/shapes/http_endpoint_destination.h"

namespace forebay::wire::firehose {

struct DescribeDeliveryStreamRequest {
  static constexpr std::string_view kShape = "DescribeDeliveryStreamInput";
  std::optional<std::string> name;
  std::optional<std::int32_t> limit;
  std::optional<std::string> exclusive_start_destination_id;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "Limit", .min = 1, .max = 10'000}, self.limit);
    visit(rules::kDestinationId.named("ExclusiveStartDestinationId"), self.exclusive_start_destination_id);
  }
  friend bool operator==(const DescribeDeliveryStreamRequest&, const DescribeDeliveryStreamRequest&) = default;
};

struct DestinationDescription {
  static constexpr std::string_view kShape = "DestinationDescription";
  std::string destination_id;
  std::optional<S3Destination<Form::description>> s3;
  std::optional<ExtendedS3Destination<Form::description>> extended_s3;
  std::optional<HttpEndpointDestination<Form::description>> http_endpoint;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kDestinationId.as_required(), self.destination_id);
    visit(Rule{.name = "S3DestinationDescription"}, self.s3);
    visit(Rule{.name = "ExtendedS3DestinationDescription"}, self.extended_s3);
    visit(Rule{.name = "HttpEndpointDestinationDescription"}, self.http_endpoint);
  }
  friend bool operator==(const DestinationDescription&, const DestinationDescription&) = default;
};

struct DeliveryStreamDescription {
  static constexpr std::string_view kShape = "DeliveryStreamDescription";
  std::string name;
  std::string arn;
  std::string status;
  std::optional<DeliveryStreamEncryptionConfiguration> encryption;
  std::string type;
  std::string version_id;
  WallTime create_timestamp;
  std::optional<WallTime> last_update_timestamp;
  std::optional<SourceDescription> source;
  std::vector<DestinationDescription> destinations;
  bool has_more_destinations = false;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(Rule{.name = "DeliveryStreamARN", .required = true}, self.arn);
    visit(Rule{.name = "DeliveryStreamStatus", .required = true}, self.status);
    visit(Rule{.name = "DeliveryStreamEncryptionConfiguration"}, self.encryption);
    visit(rules::kType.as_required(), self.type);
    visit(rules::kVersionId.as_required(), self.version_id);
    visit(Rule{.name = "CreateTimestamp"}, self.create_timestamp);
    visit(Rule{.name = "LastUpdateTimestamp"}, self.last_update_timestamp);
    visit(Rule{.name = "Source"}, self.source);
    visit(Rule{.name = "Destinations", .required = true}, self.destinations);
    visit(Rule{.name = "HasMoreDestinations", .required = true}, self.has_more_destinations);
  }
  friend bool operator==(const DeliveryStreamDescription&, const DeliveryStreamDescription&) = default;
};

struct DescribeDeliveryStreamResponse {
  static constexpr std::string_view kShape = "DescribeDeliveryStreamOutput";
  DeliveryStreamDescription description;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DeliveryStreamDescription", .required = true}, self.description);
  }
  friend bool operator==(const DescribeDeliveryStreamResponse&, const DescribeDeliveryStreamResponse&) = default;
};

}  // namespace forebay::wire::firehose
