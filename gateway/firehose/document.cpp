#include "gateway/firehose/document.h"

#include "wire/kinesis/json_decode.h"
#include "wire/kinesis/json_encode.h"

namespace forebay::gateway::firehose {

Result<DeliveryDocument> read_document(const delivery::DeliveryInfo& info) {
  DeliveryDocument document;
  if (const auto fault = wire::kinesis::decode_json(info.document, document))
    return Error{Errc::corrupt, "the stored document of delivery stream " + info.name + " cannot be read: " +
                                    (fault->message.empty() ? "it is no JSON object" : fault->message)};
  if (document.extended_s3.has_value() == document.http_endpoint.has_value())
    return Error{Errc::corrupt, "the stored document of delivery stream " + info.name + " names no single destination"};
  return document;
}

std::string document_text(const DeliveryDocument& document) { return wire::kinesis::to_json(document); }

std::string_view type_of(const DeliveryDocument& document) {
  return document.kinesis_stream ? "KinesisStreamAsSource" : "DirectPut";
}

}  // namespace forebay::gateway::firehose
