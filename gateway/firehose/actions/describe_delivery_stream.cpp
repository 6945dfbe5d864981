// DescribeDeliveryStream: everything that is set, defaults filled in; secrets are not shown. A delivery stream has one
// destination, so paging ends with the first page.
#include "gateway/firehose/actions/actions.h"
#include "gateway/firehose/call_codec.h"
#include "gateway/firehose/delivery_lookup.h"
#include "gateway/firehose/describe.h"

namespace forebay::gateway::firehose {
using wire::firehose::DescribeDeliveryStreamRequest;
using wire::firehose::DescribeDeliveryStreamResponse;
using wire::kinesis::Fault;

Task<Reply> describe_delivery_stream(Call& call) {
  auto decoded = decode_call<DescribeDeliveryStreamRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DescribeDeliveryStreamRequest>(decoded);
  auto found = find_delivery(call, *request.name);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const auto& delivery = std::get<Found>(found);
  DescribeDeliveryStreamResponse response;
  response.description = description_of(call, delivery.info, delivery.document);
  if (request.exclusive_start_destination_id.value_or("") >= kDestinationId) response.description.destinations.clear();
  co_return encode_answer(response);
}

}  // namespace forebay::gateway::firehose
