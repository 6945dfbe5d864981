#pragma once

#include "wire/kinesis/shapes/add_tags_to_stream.h"
#include "wire/kinesis/shapes/create_channel.h"
#include "wire/kinesis/shapes/create_stream.h"
#include "wire/kinesis/shapes/decrease_stream_retention_period.h"
#include "wire/kinesis/shapes/delete_channel.h"
#include "wire/kinesis/shapes/delete_resource_policy.h"
#include "wire/kinesis/shapes/delete_stream.h"
#include "wire/kinesis/shapes/deregister_stream_consumer.h"
#include "wire/kinesis/shapes/describe_account_settings.h"
#include "wire/kinesis/shapes/describe_channel.h"
#include "wire/kinesis/shapes/describe_limits.h"
#include "wire/kinesis/shapes/describe_stream.h"
#include "wire/kinesis/shapes/describe_stream_consumer.h"
#include "wire/kinesis/shapes/describe_stream_summary.h"
#include "wire/kinesis/shapes/disable_enhanced_monitoring.h"
#include "wire/kinesis/shapes/enable_enhanced_monitoring.h"
#include "wire/kinesis/shapes/get_records.h"
#include "wire/kinesis/shapes/get_resource_policy.h"
#include "wire/kinesis/shapes/get_shard_iterator.h"
#include "wire/kinesis/shapes/increase_stream_retention_period.h"
#include "wire/kinesis/shapes/list_channels.h"
#include "wire/kinesis/shapes/list_shards.h"
#include "wire/kinesis/shapes/list_stream_consumers.h"
#include "wire/kinesis/shapes/list_streams.h"
#include "wire/kinesis/shapes/list_tags_for_resource.h"
#include "wire/kinesis/shapes/list_tags_for_stream.h"
#include "wire/kinesis/shapes/merge_shards.h"
#include "wire/kinesis/shapes/put_record.h"
#include "wire/kinesis/shapes/put_records.h"
#include "wire/kinesis/shapes/put_resource_policy.h"
#include "wire/kinesis/shapes/register_stream_consumer.h"
#include "wire/kinesis/shapes/remove_tags_from_stream.h"
#include "wire/kinesis/shapes/split_shard.h"
#include "wire/kinesis/shapes/start_stream_encryption.h"
#include "wire/kinesis/shapes/stop_stream_encryption.h"
#include "wire/kinesis/shapes/subscribe_to_shard.h"
#include "wire/kinesis/shapes/tag_resource.h"
#include "wire/kinesis/shapes/untag_resource.h"
#include "wire/kinesis/shapes/update_account_settings.h"
#include "wire/kinesis/shapes/update_channel.h"
#include "wire/kinesis/shapes/update_max_record_size.h"
#include "wire/kinesis/shapes/update_shard_count.h"
#include "wire/kinesis/shapes/update_stream_mode.h"
#include "wire/kinesis/shapes/update_stream_record_distribution_strategy.h"
#include "wire/kinesis/shapes/update_stream_warm_throughput.h"

namespace forebay::wire::kinesis::test {

/// An answer without members.
struct NoResponse {};

template <class RequestType, class ResponseType = NoResponse>
struct DescribedCall {
  using Request = RequestType;
  using Response = ResponseType;
  static constexpr bool kHasResponse = !std::is_same_v<Response, NoResponse>;
  const char* name;
};

/// Visits every call that has descriptions. SubscribeToShard's answer is its event.
template <class Visitor>
void for_each_described_call(Visitor visit) {
  visit(DescribedCall<AddTagsToStreamRequest>{"AddTagsToStream"});
  visit(DescribedCall<CreateChannelRequest, CreateChannelResponse>{"CreateChannel"});
  visit(DescribedCall<CreateStreamRequest>{"CreateStream"});
  visit(DescribedCall<DecreaseStreamRetentionPeriodRequest>{"DecreaseStreamRetentionPeriod"});
  visit(DescribedCall<DeleteChannelRequest>{"DeleteChannel"});
  visit(DescribedCall<DeleteResourcePolicyRequest>{"DeleteResourcePolicy"});
  visit(DescribedCall<DeleteStreamRequest>{"DeleteStream"});
  visit(DescribedCall<DeregisterStreamConsumerRequest>{"DeregisterStreamConsumer"});
  visit(DescribedCall<DescribeAccountSettingsRequest, DescribeAccountSettingsResponse>{"DescribeAccountSettings"});
  visit(DescribedCall<DescribeChannelRequest, DescribeChannelResponse>{"DescribeChannel"});
  visit(DescribedCall<DescribeLimitsRequest, DescribeLimitsResponse>{"DescribeLimits"});
  visit(DescribedCall<DescribeStreamRequest, DescribeStreamResponse>{"DescribeStream"});
  visit(DescribedCall<DescribeStreamConsumerRequest, DescribeStreamConsumerResponse>{"DescribeStreamConsumer"});
  visit(DescribedCall<DescribeStreamSummaryRequest, DescribeStreamSummaryResponse>{"DescribeStreamSummary"});
  visit(DescribedCall<DisableEnhancedMonitoringRequest, EnhancedMonitoringResponse>{"DisableEnhancedMonitoring"});
  visit(DescribedCall<EnableEnhancedMonitoringRequest, EnhancedMonitoringResponse>{"EnableEnhancedMonitoring"});
  visit(DescribedCall<GetRecordsRequest, GetRecordsResponse>{"GetRecords"});
  visit(DescribedCall<GetResourcePolicyRequest, GetResourcePolicyResponse>{"GetResourcePolicy"});
  visit(DescribedCall<GetShardIteratorRequest, GetShardIteratorResponse>{"GetShardIterator"});
  visit(DescribedCall<IncreaseStreamRetentionPeriodRequest>{"IncreaseStreamRetentionPeriod"});
  visit(DescribedCall<ListChannelsRequest, ListChannelsResponse>{"ListChannels"});
  visit(DescribedCall<ListShardsRequest, ListShardsResponse>{"ListShards"});
  visit(DescribedCall<ListStreamConsumersRequest, ListStreamConsumersResponse>{"ListStreamConsumers"});
  visit(DescribedCall<ListStreamsRequest, ListStreamsResponse>{"ListStreams"});
  visit(DescribedCall<ListTagsForResourceRequest, ListTagsForResourceResponse>{"ListTagsForResource"});
  visit(DescribedCall<ListTagsForStreamRequest, ListTagsForStreamResponse>{"ListTagsForStream"});
  visit(DescribedCall<MergeShardsRequest>{"MergeShards"});
  visit(DescribedCall<PutRecordRequest, PutRecordResponse>{"PutRecord"});
  visit(DescribedCall<PutRecordsRequest, PutRecordsResponse>{"PutRecords"});
  visit(DescribedCall<PutResourcePolicyRequest>{"PutResourcePolicy"});
  visit(DescribedCall<RegisterStreamConsumerRequest, RegisterStreamConsumerResponse>{"RegisterStreamConsumer"});
  visit(DescribedCall<RemoveTagsFromStreamRequest>{"RemoveTagsFromStream"});
  visit(DescribedCall<SplitShardRequest>{"SplitShard"});
  visit(DescribedCall<StartStreamEncryptionRequest>{"StartStreamEncryption"});
  visit(DescribedCall<StopStreamEncryptionRequest>{"StopStreamEncryption"});
  visit(DescribedCall<SubscribeToShardRequest, SubscribeToShardEvent>{"SubscribeToShard"});
  visit(DescribedCall<TagResourceRequest>{"TagResource"});
  visit(DescribedCall<UntagResourceRequest>{"UntagResource"});
  visit(DescribedCall<UpdateAccountSettingsRequest, UpdateAccountSettingsResponse>{"UpdateAccountSettings"});
  visit(DescribedCall<UpdateChannelRequest, UpdateChannelResponse>{"UpdateChannel"});
  visit(DescribedCall<UpdateMaxRecordSizeRequest>{"UpdateMaxRecordSize"});
  visit(DescribedCall<UpdateShardCountRequest, UpdateShardCountResponse>{"UpdateShardCount"});
  visit(DescribedCall<UpdateStreamModeRequest>{"UpdateStreamMode"});
  visit(DescribedCall<UpdateStreamRecordDistributionStrategyRequest>{"UpdateStreamRecordDistributionStrategy"});
  visit(DescribedCall<UpdateStreamWarmThroughputRequest, UpdateStreamWarmThroughputResponse>{
      "UpdateStreamWarmThroughput"});
}

}  // namespace forebay::wire::kinesis::test
