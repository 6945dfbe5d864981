#include "gateway/upload/upload_front.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace forebay::gateway::upload {
using http::Request;
using http::Response;

namespace {
bool is_stream_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= 128 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), allowed);
}
}  // namespace

std::optional<Response> UploadFront::check_head(const Request& request) {
  if (request.method != "POST") return upload_error(405, "MethodNotAllowedException", "uploads are sent with POST");
  const bool known =
      request.path == "/upload/v1/open" || request.path == "/upload/v1/batches" || request.path == "/upload/v1/close";
  if (!known)
    return upload_error(404, "UnknownOperationException", "this gateway has /upload/v1/open, /batches and /close");
  if (request.header("content-type") != wire::upload::kContentType)
    return upload_error(415, "UnsupportedMediaTypeException", "uploads have Content-Type application/x-forebay-upload");
  return std::nullopt;
}

Response UploadFront::refuse(const Request&, const wire::aws::SignatureFault& fault) {
  return upload_error(400, fault.type, fault.message);
}

Task<Response> UploadFront::handle(const Request& request) {
  if (request.path == "/upload/v1/batches") co_return co_await batches(request);
  if (request.path == "/upload/v1/open") co_return co_await open(request);
  co_return co_await close(request);
}

Response upload_error(int status, std::string_view type, std::string_view message) {
  const nlohmann::json body = {{"__type", type}, {"message", message}};
  return http::text_response(status, "application/json",
                             body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Response upload_error(const Error& error) {
  const bool retry = error.code == Errc::unavailable || error.code == Errc::no_space || error.code == Errc::conflict;
  const bool refused = error.code == Errc::invalid_argument || error.code == Errc::corrupt ||
                       error.code == Errc::too_large || error.code == Errc::unsupported;
  if (refused) return upload_error(400, "ValidationException", error.context);
  Response response = upload_error(retry ? 503 : 500, retry ? "ServiceUnavailable" : "InternalFailure", error.context);
  if (retry) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response device_refused(std::string_view device) {
  return upload_error(
      403, "AccessDeniedException",
      "this access key may not upload as device \"" + std::string(device) + "\"; its device pattern decides");
}

std::string account_of(const UploadServices& services, const Request& request) {
  return std::string(request.identity.account_or(services.account));
}

bool may_upload(const UploadServices& services, const Request& request, std::string_view stream) {
  const auth::Identity& identity = request.identity;
  if (identity.is_unrestricted()) return true;
  const std::string_view region = identity.region.empty() ? "us-east-1" : std::string_view(identity.region);
  return identity.allows(auth::kUploadAction, "arn:aws:kinesis:" + std::string(region) + ":" +
                                                  account_of(services, request) + ":stream/" + std::string(stream));
}

Task<stream::StreamPtr> find_or_create(const UploadServices& services, std::string account, std::string name) {
  if (stream::is_internal_name(name)) co_return nullptr;
  stream::StreamPtr found = services.streams.find(account, name);
  if (found || !services.auto_create_streams || !is_stream_name(name)) co_return found;
  stream::CreateStream request;
  request.account = account;
  request.name = name;
  request.shard_count = 4;
  request.mode = stream::StreamMode::on_demand;
  auto created = co_await services.streams.create(std::move(request));
  if (created) {
    services.logger.info("stream created for an upload", {{"stream", name}});
    co_return *created;
  }
  co_return services.streams.find(account, name);
}

wire::upload::StreamMap map_of(const stream::Stream& stream) {
  wire::upload::StreamMap map;
  map.stream = stream.name;
  map.incarnation = stream.id.value();
  map.map_version = stream.map_version;
  for (const auto& shard : stream.open_shards) {
    map.ranges.push_back(shard->range);
    map.shards.push_back(shard->number.value());
  }
  return map;
}

}  // namespace forebay::gateway::upload
