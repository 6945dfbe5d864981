// ListDeliveryStreams: names in order, from the one after ExclusiveStartDeliveryStreamName on, of one type or of all.
#include "wire/firehose/shapes/list_delivery_streams.h"

#include "gateway/firehose/access.h"
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/document.h"

namespace forebay::gateway::firehose {
using wire::firehose::ListDeliveryStreamsRequest;
using wire::firehose::ListDeliveryStreamsResponse;
using wire::kinesis::Fault;

namespace {
constexpr std::int32_t kPageDefault = 10;
constexpr std::size_t kStep = 1000;  ///< looked at together

bool is_of_type(const delivery::DeliveryInfo& info, const std::optional<std::string>& type) {
  if (!type) return true;
  const auto document = read_document(info);
  return document && type_of(*document) == *type;
}

void fill_page(const Call& call, const ListDeliveryStreamsRequest& request, ListDeliveryStreamsResponse& response) {
  const auto limit = static_cast<std::size_t>(request.limit.value_or(kPageDefault));
  std::string after = request.exclusive_start.value_or("");
  while (true) {
    const auto step = call.services.deliveries.list(call.account, after, kStep);
    for (const delivery::DeliveryInfo& info : step) {
      if (!is_of_type(info, request.type)) continue;
      response.has_more = response.names.size() == limit;
      if (response.has_more) return;
      response.names.push_back(info.name);
    }
    if (step.size() < kStep) return;
    after = step.back().name;
  }
}
}  // namespace

Task<Reply> list_delivery_streams(Call& call) {
  auto decoded = decode_call<ListDeliveryStreamsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  ListDeliveryStreamsResponse response;
  fill_page(call, std::get<ListDeliveryStreamsRequest>(decoded), response);
  co_return encode_answer(response);
}

}  // namespace forebay::gateway::firehose
