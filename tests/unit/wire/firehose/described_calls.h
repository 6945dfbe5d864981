#pragma once

#include "wire/firehose/shapes/create_delivery_stream.h"
#include "wire/firehose/shapes/delete_delivery_stream.h"
#include "wire/firehose/shapes/describe_delivery_stream.h"
#include "wire/firehose/shapes/encryption.h"
#include "wire/firehose/shapes/list_delivery_streams.h"
#include "wire/firehose/shapes/put_record.h"
#include "wire/firehose/shapes/put_record_batch.h"
#include "wire/firehose/shapes/tag_delivery_stream.h"
#include "wire/firehose/shapes/update_destination.h"

namespace forebay::wire::firehose::test {

/// An answer without members.
struct Nothing {
  static constexpr std::string_view kShape = "Nothing";
  template <class Self, class Visitor>
  static void describe(Self&, Visitor&&) {}
};

template <class RequestType, class ResponseType>
struct DescribedCall {
  using Request = RequestType;
  using Response = ResponseType;
  const char* name;
};

/// Calls visit(DescribedCall) for every operation.
template <class Visit>
void for_each_described_call(Visit&& visit) {
  visit(DescribedCall<CreateDeliveryStreamRequest, CreateDeliveryStreamResponse>{"CreateDeliveryStream"});
  visit(DescribedCall<DeleteDeliveryStreamRequest, Nothing>{"DeleteDeliveryStream"});
  visit(DescribedCall<DescribeDeliveryStreamRequest, DescribeDeliveryStreamResponse>{"DescribeDeliveryStream"});
  visit(DescribedCall<ListDeliveryStreamsRequest, ListDeliveryStreamsResponse>{"ListDeliveryStreams"});
  visit(
      DescribedCall<ListTagsForDeliveryStreamRequest, ListTagsForDeliveryStreamResponse>{"ListTagsForDeliveryStream"});
  visit(DescribedCall<PutRecordRequest, PutRecordResponse>{"PutRecord"});
  visit(DescribedCall<PutRecordBatchRequest, PutRecordBatchResponse>{"PutRecordBatch"});
  visit(DescribedCall<StartDeliveryStreamEncryptionRequest, Nothing>{"StartDeliveryStreamEncryption"});
  visit(DescribedCall<StopDeliveryStreamEncryptionRequest, Nothing>{"StopDeliveryStreamEncryption"});
  visit(DescribedCall<TagDeliveryStreamRequest, Nothing>{"TagDeliveryStream"});
  visit(DescribedCall<UntagDeliveryStreamRequest, Nothing>{"UntagDeliveryStream"});
  visit(DescribedCall<UpdateDestinationRequest, Nothing>{"UpdateDestination"});
}

}  // namespace forebay::wire::firehose::test
