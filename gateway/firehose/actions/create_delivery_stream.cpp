// CreateDeliveryStream: direct put or a stream of this gateway as source; a bucket (S3, ExtendedS3) or a sink by URL
// (HttpEndpoint) as destination; tags, a key for what is put. Durable and running when the call returns.
#include "wire/firehose/shapes/create_delivery_stream.h"

#include "gateway/firehose/access.h"
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/compile.h"
#include "gateway/firehose/complete_document.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/encryption.h"
#include "gateway/firehose/tags.h"
#include "gateway/firehose/unserved_kinds.h"
#include "wire/kinesis/arn.h"

namespace forebay::gateway::firehose {
using wire::firehose::CreateDeliveryStreamRequest;
using wire::firehose::CreateDeliveryStreamResponse;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
Fault wrong(std::string text) { return {ErrorType::invalid_argument, std::move(text)}; }

std::optional<Fault> check_kinds(const CreateDeliveryStreamRequest& request) {
  if (auto fault = refuse_unserved(request.unserved)) return fault;
  if (request.msk || request.database || request.type == "MSKAsSource" || request.type == "DatabaseAsSource")
    return refuse_source_kind(request.msk || request.type == "MSKAsSource" ? "MSK" : "Database");
  const int destinations = (request.s3 ? 1 : 0) + (request.extended_s3 ? 1 : 0) + (request.http_endpoint ? 1 : 0);
  if (destinations != 1)
    return wrong("Exactly one destination configuration must be given; these are " + std::to_string(destinations) +
                 ".");
  if (request.encryption && request.type == "KinesisStreamAsSource")
    return wrong("DeliveryStreamEncryptionConfigurationInput is for delivery streams of type DirectPut.");
  return std::nullopt;
}

std::optional<Fault> check_source_stream(const Call& call, const CreateDeliveryStreamRequest& request) {
  const std::string& text = *request.kinesis_stream->kinesis_stream_arn;
  const auto arn = wire::kinesis::parse_stream_arn(text);
  if (!arn) return wrong("KinesisStreamARN " + text + " is not the ARN of a stream.");
  if (arn->account != call.account)
    return wrong("Stream " + std::string(arn->name) + " belongs to account " + std::string(arn->account) +
                 "; a delivery stream takes streams of its own account " + call.account + ".");
  if (auto fault = refuse_source(call, arn->name)) return fault;
  if (call.services.streams.find(call.account, arn->name)) return std::nullopt;
  return wrong("Stream " + std::string(arn->name) + " under account " + call.account + " not found.");
}

std::optional<Fault> take_source(const Call& call, const CreateDeliveryStreamRequest& request, DeliveryDocument& out) {
  const bool stream = request.type == "KinesisStreamAsSource";
  if (!stream && request.kinesis_stream)
    return wrong("KinesisStreamSourceConfiguration is for delivery streams of type KinesisStreamAsSource.");
  if (stream && request.direct_put)
    return wrong("DirectPutSourceConfiguration is for delivery streams of type DirectPut.");
  if (stream && !request.kinesis_stream)
    return wrong("KinesisStreamSourceConfiguration must be given for type KinesisStreamAsSource.");
  out.direct_put = request.direct_put;
  out.kinesis_stream = request.kinesis_stream;
  return stream ? check_source_stream(call, request) : std::nullopt;
}

void take_destination(const CreateDeliveryStreamRequest& request, DeliveryDocument& out) {
  out.extended_s3 = request.extended_s3;
  if (request.s3) static_cast<wire::firehose::S3Members&>(out.extended_s3.emplace()) = *request.s3;
  out.http_endpoint = request.http_endpoint;
}

std::variant<DeliveryDocument, Fault> checked(const Call& call, const CreateDeliveryStreamRequest& request) {
  if (auto fault = refuse_delivery(call, *request.name)) return *std::move(fault);
  if (auto fault = check_kinds(request)) return *std::move(fault);
  if (request.http_endpoint)
    if (auto fault = refuse_sink_url(call, *request.name)) return *std::move(fault);
  DeliveryDocument document;
  if (auto fault = take_source(call, request, document)) return *std::move(fault);
  take_destination(request, document);
  if (request.tags)
    if (auto fault = add_tags(document.tags, *request.tags)) return *std::move(fault);
  if (auto done = complete_document(document, call.services.schemas); !done) return fault_of(done.error());
  return document;
}

Fault create_fault(const Call& call, const std::string& name, const Error& error) {
  if (error.code == Errc::already_exists)
    return {ErrorType::resource_in_use, "Firehose " + name + " under account " + call.account + " already exists."};
  if (error.code == Errc::too_large || error.code == Errc::out_of_range)
    return {ErrorType::limit_exceeded, error.context};
  if (error.code == Errc::not_found) return wrong(error.context);
  return fault_of(error);
}
}  // namespace

Task<Reply> create_delivery_stream(Call& call) {
  auto decoded = decode_call<CreateDeliveryStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<CreateDeliveryStreamRequest>(decoded);
  auto document = checked(call, request);
  if (auto* fault = std::get_if<Fault>(&document)) co_return std::move(*fault);
  auto definition = compile_document(*request.name, std::get<DeliveryDocument>(document));
  if (!definition) co_return fault_of(definition.error());
  ChosenKey key;
  if (request.encryption) {
    auto chosen = choose_key(call, request.encryption);
    if (auto* fault = std::get_if<Fault>(&chosen)) co_return std::move(*fault);
    key = std::get<ChosenKey>(std::move(chosen));
  }

  delivery::DeliveryInfo info;
  info.account = call.account;
  info.name = *request.name;
  info.document = document_text(std::get<DeliveryDocument>(document));
  delivery::DeliveryDefinition wanted = *std::move(definition);
  auto created = co_await call.services.deliveries.create(std::move(info), std::move(wanted));
  if (!created) co_return create_fault(call, *request.name, created.error());
  if (request.encryption) {
    auto fault = co_await change_encryption(call, *request.name, std::move(key));
    if (fault) co_return *std::move(fault);
  }
  CreateDeliveryStreamResponse response;
  response.delivery_stream_arn = arn_of(call, *request.name);
  co_return encode_answer(response);
}

}  // namespace forebay::gateway::firehose
