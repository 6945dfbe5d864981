#include "gateway/upload/upload_front.h"

namespace forebay::gateway::upload {
using http::Request;
using http::Response;

// POST /upload/v1/close: drained lineages are forgotten.
Task<Response> UploadFront::close(const Request& request) {
  services_.metrics.closes.add();
  auto decoded = wire::upload::decode_close_request(request.body);
  if (!decoded) co_return upload_error(decoded.error());
  if (!request.identity.allows_device(decoded->device)) co_return device_refused(decoded->device);
  auto forgotten = co_await services_.streams.forget_lineages(decoded->root, decoded->through);
  if (!forgotten) co_return upload_error(forgotten.error());
  Response response;
  response.content_type = wire::upload::kContentType;
  co_return response;
}

}  // namespace forebay::gateway::upload
