#include "gateway/firehose/action_table.h"

#include <algorithm>

#include "gateway/firehose/actions/actions.h"

namespace forebay::gateway::firehose {

namespace {
constexpr std::string_view kKeys =
    "keys are files of the gateway (docs/ENCRYPTION.md); without one InvalidKMSResourceException. Done when the call "
    "returns";

constexpr Action kActions[] = {
    {"CreateDeliveryStream", create_delivery_stream,
     "destinations S3, ExtendedS3 and HttpEndpoint, sources DirectPut and KinesisStreamAsSource; others give "
     "InvalidArgumentException. The Url of an HTTP endpoint names other sinks too (docs/DELIVERY.md). ACTIVE when the "
     "call returns"},
    {"DeleteDeliveryStream", delete_delivery_stream, "done when the call returns; never seen DELETING"},
    {"DescribeDeliveryStream", describe_delivery_stream},
    {"ListDeliveryStreams", list_delivery_streams},
    {"ListTagsForDeliveryStream", list_tags_for_delivery_stream},
    {"PutRecord", put_record, "stored durably before the answer"},
    {"PutRecordBatch", put_record_batch, "stored durably before the answer; all records or none"},
    {"StartDeliveryStreamEncryption", start_delivery_stream_encryption, kKeys},
    {"StopDeliveryStreamEncryption", stop_delivery_stream_encryption},
    {"TagDeliveryStream", tag_delivery_stream},
    {"UntagDeliveryStream", untag_delivery_stream},
    {"UpdateDestination", update_destination, "what was cut before keeps the old destination"},
};
static_assert(std::is_sorted(std::begin(kActions), std::end(kActions),
                             [](const Action& a, const Action& b) { return a.name < b.name; }));
}  // namespace

std::span<const Action> action_table() { return kActions; }

const Action* find_action(std::string_view name) {
  const auto* found =
      std::lower_bound(std::begin(kActions), std::end(kActions), name,
                       [](const Action& action, std::string_view wanted) { return action.name < wanted; });
  return found != std::end(kActions) && found->name == name ? found : nullptr;
}

}  // namespace forebay::gateway::firehose
