// UpdateStreamRecordDistributionStrategy: records go to shards by their keys, which is the strategy every stream has;
// the other one is refused, because with it the records of one key would lose their order.
#include "wire/kinesis/shapes/update_stream_record_distribution_strategy.h"

#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/stream_lookup.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;
using wire::kinesis::UpdateStreamRecordDistributionStrategyRequest;

Task<Reply> update_stream_record_distribution_strategy(Call& call) {
  auto decoded = decode_call<UpdateStreamRecordDistributionStrategyRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  const auto& request = std::get<UpdateStreamRecordDistributionStrategyRequest>(decoded);
  auto found = find_stream(call, std::nullopt, request.stream_arn);
  if (auto* fault = std::get_if<Fault>(&found)) co_return std::move(*fault);
  const stream::Stream& stream = *std::get<stream::StreamPtr>(found);
  if (stream.mode != stream::StreamMode::on_demand)
    co_return Fault{ErrorType::invalid_argument, "Stream " + stream.name + " under account " + call.account +
                                                     " is in Provisioned mode. The strategy is for streams in "
                                                     "ON_DEMAND mode."};
  if (request.record_distribution_strategy == "USER_PARTITION_KEY") co_return std::string();
  co_return Fault{ErrorType::invalid_argument,
                  "This gateway distributes records by their partition keys only. Spread records by random partition "
                  "keys instead."};
}

}  // namespace forebay::gateway::kinesis
