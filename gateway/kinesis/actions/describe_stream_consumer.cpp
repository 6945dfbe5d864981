// DescribeStreamConsumer: by ConsumerARN, or by StreamARN and ConsumerName.
#include "wire/kinesis/shapes/describe_stream_consumer.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/consumer_lookup.h"
#include "gateway/kinesis/describe.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::DescribeStreamConsumerRequest;
using wire::kinesis::DescribeStreamConsumerResponse;
using wire::kinesis::Fault;

Task<Reply> describe_stream_consumer(Call& call) {
  auto decoded = decode_call<DescribeStreamConsumerRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<DescribeStreamConsumerRequest>(decoded);
  auto found = find_consumer(call, request.stream_arn, request.consumer_name, request.consumer_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const FoundConsumer& consumer = std::get<FoundConsumer>(found);

  const wire::kinesis::Consumer shape = consumer_shape(call, *consumer.stream, consumer.consumer);
  DescribeStreamConsumerResponse response;
  response.consumer_description.consumer_name = shape.consumer_name;
  response.consumer_description.consumer_arn = shape.consumer_arn;
  response.consumer_description.consumer_status = shape.consumer_status;
  response.consumer_description.consumer_creation_timestamp = shape.consumer_creation_timestamp;
  response.consumer_description.stream_arn = arn_of(call, consumer.stream->name);
  co_return encode_answer(call, response);
}

}  // namespace forebay::gateway::kinesis
