#pragma once

#include "base/result.h"
#include "gateway/delivery/delivery_service.h"
#include "wire/firehose/shapes/delivery_source.h"
#include "wire/firehose/shapes/http_endpoint_destination.h"
#include "wire/firehose/shapes/tag.h"

namespace forebay::gateway::firehose {

using ExtendedS3 = wire::firehose::ExtendedS3Destination<wire::firehose::Form::configuration>;
using HttpEndpoint = wire::firehose::HttpEndpointDestination<wire::firehose::Form::configuration>;
using S3 = wire::firehose::S3Destination<wire::firehose::Form::configuration>;

/// A column of the schema that a delivery stream was made with.
struct SchemaColumn {
  static constexpr std::string_view kShape = "SchemaColumn";
  std::string name;
  std::string type;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit(wire::kinesis::Rule{.name = "Name"}, self.name);
    visit(wire::kinesis::Rule{.name = "Type"}, self.type);
  }
  friend bool operator==(const SchemaColumn&, const SchemaColumn&) = default;
};

/// What is stored of a delivery stream as DeliveryInfo::document: its configuration in the words of the Firehose API,
/// with every default filled in, and what the configuration file can say besides.
struct DeliveryDocument {
  static constexpr std::string_view kShape = "DeliveryDocument";
  std::optional<wire::firehose::DirectPutSource<wire::firehose::Form::configuration>> direct_put;
  std::optional<wire::firehose::KinesisStreamSourceConfiguration> kinesis_stream;  ///< absent: direct put
  std::optional<ExtendedS3> extended_s3;                 ///< also what was given as the deprecated S3 destination
  std::optional<HttpEndpoint> http_endpoint;             ///< one of both
  std::optional<std::vector<SchemaColumn>> columns;      ///< of a format conversion
  std::optional<std::vector<wire::firehose::Tag>> tags;  ///< by key
  std::optional<bool> from_start;
  std::optional<std::int32_t> partitions_max;
  std::optional<bool> retired;  ///< of the configuration once, no longer: paused for that reason

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    using wire::kinesis::Rule;
    visit(Rule{.name = "DirectPutSourceConfiguration"}, self.direct_put);
    visit(Rule{.name = "KinesisStreamSourceConfiguration"}, self.kinesis_stream);
    visit(Rule{.name = "ExtendedS3DestinationConfiguration"}, self.extended_s3);
    visit(Rule{.name = "HttpEndpointDestinationConfiguration"}, self.http_endpoint);
    visit(Rule{.name = "Columns"}, self.columns);
    visit(Rule{.name = "Tags"}, self.tags);
    visit(Rule{.name = "FromStart"}, self.from_start);
    visit(Rule{.name = "PartitionsMax"}, self.partitions_max);
    visit(Rule{.name = "Retired"}, self.retired);
  }
  friend bool operator==(const DeliveryDocument&, const DeliveryDocument&) = default;
};

/// Errors  corrupt: the stored text is no document.
Result<DeliveryDocument> read_document(const delivery::DeliveryInfo& info);
std::string document_text(const DeliveryDocument& document);

/// "DirectPut" or "KinesisStreamAsSource".
std::string_view type_of(const DeliveryDocument& document);

}  // namespace forebay::gateway::firehose
