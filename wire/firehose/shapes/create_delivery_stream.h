#pragma once

#include "wire/firehose/shapes/delivery_source.h"
#include "wire/firehose/shapes/encryption.h"
#include "wire/firehose/shapes/http_endpoint_destination.h"
#include "wire/firehose/shapes/tag.h"
#include "wire/firehose/shapes/unserved.h"

namespace forebay::wire::firehose {

struct CreateDeliveryStreamRequest {
  static constexpr std::string_view kShape = "CreateDeliveryStreamInput";
  std::optional<std::string> name;
  std::optional<std::string> type;
  std::optional<DirectPutSource<Form::configuration>> direct_put;
  std::optional<KinesisStreamSourceConfiguration> kinesis_stream;
  std::optional<DeliveryStreamEncryptionConfigurationInput> encryption;
  std::optional<S3Destination<Form::configuration>> s3;
  std::optional<ExtendedS3Destination<Form::configuration>> extended_s3;
  std::optional<HttpEndpointDestination<Form::configuration>> http_endpoint;
  UnservedDestinations unserved;
  std::optional<std::vector<Tag>> tags;
  std::optional<Unserved> msk;
  std::optional<Unserved> database;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(rules::kName, self.name);
    visit(rules::kType, self.type);
    visit(Rule{.name = "DirectPutSourceConfiguration"}, self.direct_put);
    visit(Rule{.name = "KinesisStreamSourceConfiguration"}, self.kinesis_stream);
    visit(Rule{.name = "DeliveryStreamEncryptionConfigurationInput"}, self.encryption);
    visit(Rule{.name = "S3DestinationConfiguration"}, self.s3);
    visit(Rule{.name = "ExtendedS3DestinationConfiguration"}, self.extended_s3);
    visit(Rule{.name = "HttpEndpointDestinationConfiguration"}, self.http_endpoint);
    UnservedDestinations::describe_members<Form::configuration>(self.unserved, visit);
    visit(rules::kTags, self.tags);
    visit(Rule{.name = "MSKSourceConfiguration"}, self.msk);
    visit(Rule{.name = "DatabaseSourceConfiguration"}, self.database);
  }
  friend bool operator==(const CreateDeliveryStreamRequest&, const CreateDeliveryStreamRequest&) = default;
};

struct CreateDeliveryStreamResponse {
  static constexpr std::string_view kShape = "CreateDeliveryStreamOutput";
  std::string delivery_stream_arn;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(Rule{.name = "DeliveryStreamARN"}, self.delivery_stream_arn);
  }
  friend bool operator==(const CreateDeliveryStreamResponse&, const CreateDeliveryStreamResponse&) = default;
};

}  // namespace forebay::wire::firehose
