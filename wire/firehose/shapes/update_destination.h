#pragma once

#include "wire/firehose/shapes/http_endpoint_destination.h"
#include "wire/firehose/shapes/unserved.h"

namespace forebay::wire::firehose {

struct UpdateDestinationRequest {
  static constexpr std::string_view kShape = "UpdateDestinationInput";
  std::optional<std::string> name;
  std::optional<std::string> version_id;
  std::optional<std::string> destination_id;
  std::optional<S3Destination<Form::update>> s3;
  std::optional<ExtendedS3Destination<Form::update>> extended_s3;
  std::optional<HttpEndpointDestination<Form::update>> http_endpoint;
  UnservedDestinations unserved;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(rules::kVersionId.named("CurrentDeliveryStreamVersionId").as_required(), self.version_id);
    visit(rules::kDestinationId.as_required(), self.destination_id);
    visit(Rule{.name = "S3DestinationUpdate"}, self.s3);
    visit(Rule{.name = "ExtendedS3DestinationUpdate"}, self.extended_s3);
    visit(Rule{.name = "HttpEndpointDestinationUpdate"}, self.http_endpoint);
    UnservedDestinations::describe_members<Form::update>(self.unserved, visit);
  }
  friend bool operator==(const UpdateDestinationRequest&, const UpdateDestinationRequest&) = default;
};

}  // namespace forebay::wire::firehose
