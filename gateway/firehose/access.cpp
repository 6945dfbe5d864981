#include "gateway/firehose/access.h"

#include "gateway/aws/access.h"
#include "wire/kinesis/arn.h"

namespace forebay::gateway::firehose {
using wire::kinesis::Fault;

namespace {
std::string permission_of(const Call& call) { return "firehose:" + std::string(call.action); }

std::optional<Fault> refuse(const Call& call, std::string_view permission, std::string_view resource) {
  return aws::refuse_permission(call.request.identity, {call.account, permission, resource});
}
}  // namespace

std::string arn_of(const Call& call, std::string_view name) {
  return std::string("arn:aws:firehose:")
      .append(call.region)
      .append(":")
      .append(call.account)
      .append(":deliverystream/")
      .append(name);
}

std::optional<Fault> refuse_call(const Call& call) {
  const std::string permission = permission_of(call);
  return aws::refuse_everywhere(call.request.identity, {call.account, permission, "*"});
}

std::optional<Fault> refuse_resource(const Call& call, std::string_view resource) {
  return refuse(call, permission_of(call), resource);
}

std::optional<Fault> refuse_delivery(const Call& call, std::string_view name) {
  if (call.request.identity.is_unrestricted()) return std::nullopt;
  return refuse_resource(call, arn_of(call, name));
}

std::optional<Fault> refuse_sink_url(const Call& call, std::string_view name) {
  if (call.request.identity.is_unrestricted()) return std::nullopt;
  return refuse(call, kUseSinkUrl, arn_of(call, name));
}

std::optional<Fault> refuse_source(const Call& call, std::string_view stream) {
  return refuse(call, "kinesis:GetRecords", wire::kinesis::to_string({call.region, call.account, stream}));
}

}  // namespace forebay::gateway::firehose
