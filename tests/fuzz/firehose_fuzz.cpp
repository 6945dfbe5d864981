// Any bytes as the JSON body of the calls of Firehose that carry structure: what is read survives being written; a
// delivery stream that passes every check compiles or is refused with a reason, and what is stored of it reads back.
#include "gateway/delivery/object_builder.h"
#include "gateway/firehose/compile.h"
#include "gateway/firehose/complete_document.h"
#include "gateway/firehose/document.h"
#include "tests/fuzz/targets.h"
#include "wire/firehose/shapes/create_delivery_stream.h"
#include "wire/firehose/shapes/put_record_batch.h"
#include "wire/firehose/shapes/tag_delivery_stream.h"
#include "wire/firehose/shapes/update_destination.h"
#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"
#include "wire/kinesis/validate.h"

namespace forebay::fuzz {
namespace {

using namespace wire::firehose;
namespace fh = gateway::firehose;
namespace dl = gateway::delivery;

/// The message; empty when the body is none, or breaks a rule.
template <class Message>
std::optional<Message> read(std::string_view body) {
  Message message;
  if (wire::kinesis::decode_json(body, message)) return std::nullopt;
  Message again;
  require(!wire::kinesis::decode_json(wire::kinesis::to_json(message), again), "a written body is read");
  require(again == message, "a message survives being written");
  if (wire::kinesis::validate(message)) return std::nullopt;
  return message;
}

void build(const dl::DeliveryDefinition& definition) {
  const auto* objects = std::get_if<dl::ObjectDestination>(&definition.destination);
  if (objects == nullptr || objects->parquet) return;  // the module is a matter of other tests
  const auto builder = dl::make_object_builder(definition.processing, *objects);
  require(builder.ok() || !builder.error().context.empty(), "a builder that cannot be says why");
}

void compile(const std::string& name, fh::DeliveryDocument document) {
  const fh::DeclaredSchemas schemas = {{"readings", {{"device", "string"}, {"value", "double"}}}};
  if (const auto done = fh::complete_document(document, schemas); !done) return;
  const auto compiled = fh::compile_document(name, document);
  if (!compiled) return require(!compiled.error().context.empty(), "a refusal says why");
  dl::DeliveryInfo info;
  info.name = name;
  info.document = fh::document_text(document);
  const auto stored = fh::read_document(info);
  require(stored.ok() && *stored == document, "a stored document reads back");
  require(fh::compile_document(info).ok(), "and means something after a restart");
  build(*compiled);
}

}  // namespace

void firehose(ByteView input) {
  const std::string_view body = as_text(input);
  if (const auto create = read<CreateDeliveryStreamRequest>(body)) {
    fh::DeliveryDocument document;
    document.direct_put = create->direct_put;
    document.kinesis_stream = create->kinesis_stream;
    document.extended_s3 = create->extended_s3;
    if (create->s3) static_cast<S3Members&>(document.extended_s3.emplace()) = *create->s3;
    document.http_endpoint = create->http_endpoint;
    if (document.extended_s3.has_value() != document.http_endpoint.has_value())
      compile(*create->name, std::move(document));
  }
  read<UpdateDestinationRequest>(body);
  read<PutRecordBatchRequest>(body);
  read<TagDeliveryStreamRequest>(body);
}

}  // namespace forebay::fuzz
