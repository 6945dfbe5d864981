// CreateChannel, DescribeChannel, UpdateChannel, DeleteChannel, ListChannels: delivery by the service itself into its
// own storage, which a gateway has none of. There is never a channel; making one is refused.
#include "gateway/kinesis/access.h"
#include "gateway/kinesis/actions/actions.h"
#include "gateway/kinesis/call_codec.h"
#include "gateway/kinesis/page_token.h"
#include "gateway/kinesis/stream_lookup.h"
#include "wire/kinesis/shapes/create_channel.h"
#include "wire/kinesis/shapes/delete_channel.h"
#include "wire/kinesis/shapes/describe_channel.h"
#include "wire/kinesis/shapes/list_channels.h"
#include "wire/kinesis/shapes/update_channel.h"

namespace forebay::gateway::kinesis {
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

namespace {
/// A call about one channel, of which there is none.
template <class Request>
Reply no_such_channel(const Call& call) {
  auto decoded = decode_call<Request>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) return std::move(*fault);
  const std::string& arn = *std::get<Request>(decoded).channel_arn;
  if (auto fault = refuse_resource(call, arn)) return *std::move(fault);
  return Fault{ErrorType::resource_not_found, "Channel " + arn + " not found; this gateway has no channels."};
}
}  // namespace

Task<Reply> create_channel(Call& call) {
  auto decoded = decode_call<wire::kinesis::CreateChannelRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  co_return Fault{ErrorType::invalid_argument,
                  "This gateway has no channels: it cannot deliver a stream into S3 by itself. Read the stream with a "
                  "consumer that writes there."};
}

Task<Reply> delete_channel(Call& call) { co_return no_such_channel<wire::kinesis::DeleteChannelRequest>(call); }
Task<Reply> describe_channel(Call& call) { co_return no_such_channel<wire::kinesis::DescribeChannelRequest>(call); }
Task<Reply> update_channel(Call& call) { co_return no_such_channel<wire::kinesis::UpdateChannelRequest>(call); }

Task<Reply> list_channels(Call& call) {
  auto decoded = decode_call<wire::kinesis::ListChannelsRequest>(call);
  if (auto* fault = std::get_if<Fault>(&decoded)) co_return std::move(*fault);
  if (auto fault = refuse_resource(call, "*")) co_return *std::move(fault);
  if (std::get<wire::kinesis::ListChannelsRequest>(decoded).next_token) co_return invalid_next_token();
  const wire::kinesis::ListChannelsResponse none;
  co_return encode_answer(call, none);
}

}  // namespace forebay::gateway::kinesis
