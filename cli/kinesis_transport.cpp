#include "cli/kinesis_transport.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/aws/date.h"
#include "wire/aws/service_error.h"
#include "wire/aws/sigv4.h"

namespace forebay::cli {
namespace {

using Json = nlohmann::json;

constexpr int kTriesMax = 5;
constexpr Milliseconds kFirstWait{100};
constexpr Milliseconds kWaitMax{2'000};
constexpr std::size_t kAnswerBytesMax = 32 << 20;

Errc code_of(std::string_view type) {
  if (type == "ResourceNotFoundException") return Errc::not_found;
  if (type == "ResourceInUseException") return Errc::already_exists;
  if (type == "ExpiredIteratorException" || type == "ExpiredNextTokenException") return Errc::out_of_range;
  if (type == "ProvisionedThroughputExceededException" || type == "LimitExceededException" ||
      type == "ThrottlingException" || type == "ServiceUnavailable" || type == "ServiceUnavailableException")
    return Errc::unavailable;
  if (type == "ConcurrentModificationException") return Errc::conflict;
  if (type == "InternalFailure" || type == "InternalFailureException") return Errc::io;
  if (type == "MissingAuthenticationTokenException" || type == "InvalidSignatureException" ||
      type == "IncompleteSignatureException" || type == "UnrecognizedClientException" ||
      type == "AccessDeniedException" || type == "ExpiredTokenException")
    return Errc::permission;
  if (type == "UnknownOperationException") return Errc::unsupported;
  return Errc::invalid_argument;
}

std::string remedy_of(std::string_view type, const Settings& settings) {
  if (type == "MissingAuthenticationTokenException")
    return "; no access key was found: pass --key-file DATA/admin.key, set FOREBAY_KEY_FILE, or run: "
           "eval \"$(forebay env --data DATA)\"";
  if (type == "UnrecognizedClientException" || type == "InvalidSignatureException")
    return "; the key in use came from " + settings.credentials_from +
           ": pass --key-file with the admin.key of this gateway's data directory";
  return {};
}

}  // namespace

Result<HttpResponse> KinesisTransport::send(const Target& target, std::string_view body) {
  HttpRequest request = target.request;
  request.body = as_bytes(body);
  request.response_bytes_max = kAnswerBytesMax;
  if (!settings_.credentials.access_key_id.empty())
    wire::aws::sign(request, settings_.credentials, settings_.region, target.service, clock_.wall_now() + skew_);
  auto response = http_.perform(request);
  if (!response && response.error().code == Errc::unavailable)
    return std::move(response).error().with_context("no answer from the gateway at " + settings_.endpoint +
                                                    " (is it running? set --endpoint or FOREBAY_ENDPOINT)");
  if (!response && response.error().code == Errc::permission)
    return std::move(response).error().with_context("set FOREBAY_CA_FILE to the certificate that signed the gateway's");
  return response;
}

Error KinesisTransport::refusal(const HttpResponse& response, std::string_view operation) {
  const wire::aws::ServiceError said = wire::aws::parse_service_error(response.body);
  if (said.type.empty()) {
    const Errc code = response.status >= 500 ? Errc::unavailable : Errc::invalid_argument;
    return Error{code, std::string(operation) + " at " + settings_.endpoint + ": status " +
                           std::to_string(response.status) + " without an error name; is this a Forebay gateway?"};
  }
  return Error{code_of(said.type), said.type + ": " + said.message + remedy_of(said.type, settings_)};
}

Result<Json> KinesisTransport::call_json(std::string_view service, std::string_view prefix, std::string_view operation,
                                         const Json& body, Repeat repeat) {
  Target target{std::string(operation), service, {}};
  target.request.url = settings_.endpoint + "/";
  target.request.headers = {{"content-type", "application/x-amz-json-1.1"},
                            {"x-amz-target", std::string(prefix) + target.operation}};
  return call(target, body, repeat);
}

Result<Json> KinesisTransport::call_own(std::string_view api, std::string_view operation, const Json& body,
                                        Repeat repeat) {
  Target target{std::string(api) + "/" + std::string(operation), "forebay", {}};
  target.request.url = settings_.endpoint + "/" + std::string(api) + "/v1/" + std::string(operation);
  target.request.headers = {{"content-type", "application/json"}};
  return call(target, body, repeat);
}

Result<Json> KinesisTransport::call(std::string_view operation, const Json& body, Repeat repeat) {
  return call_json("kinesis", "Kinesis_20131202.", operation, body, repeat);
}

Result<Json> KinesisTransport::call_firehose(std::string_view operation, const Json& body, Repeat repeat) {
  return call_json("firehose", "Firehose_20150804.", operation, body, repeat);
}

Result<Json> KinesisTransport::call_keys(std::string_view operation, const Json& body, Repeat repeat) {
  return call_own("keys", operation, body, repeat);
}

Result<Json> KinesisTransport::call_delivery(std::string_view operation, const Json& body, Repeat repeat) {
  return call_own("delivery", operation, body, repeat);
}

Result<Json> KinesisTransport::call(const Target& target, const Json& body, Repeat repeat) {
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  Milliseconds wait = kFirstWait;
  bool corrected = false;
  for (int attempt = 1;; ++attempt) {
    auto response = send(target, text);
    if (response && response->status == 200) {
      if (response->body.empty()) return Json();
      Json document = Json::parse(response->body.begin(), response->body.end(), nullptr, false);
      if (document.is_discarded())
        return Error{Errc::corrupt, target.operation + " at " + settings_.endpoint + ": the answer is not JSON"};
      return document;
    }
    Error error = response ? refusal(*response, target.operation) : std::move(response).error();
    if (response && wire::aws::is_clock_refusal(error.context) && !corrected) {
      if (const auto theirs = wire::aws::parse_http_date(response->header("date"))) skew_ = *theirs - clock_.wall_now();
      corrected = true;
      continue;
    }
    // What is between may answer for a gateway that has done the call: only an error with a name is the gateway's own.
    const bool own = response && !wire::aws::parse_service_error(response->body).type.empty();
    const bool again = error.code == Errc::unavailable || (error.code == Errc::timed_out && !response);
    const bool refused = own && again;
    const bool lost = !own && again;
    if (attempt == kTriesMax || !(refused || (lost && repeat == Repeat::always))) return error;
    if (!pause_(wait)) return Error{Errc::cancelled, "stopped by the user"};
    wait = std::min(wait * 2, kWaitMax);
  }
}

}  // namespace forebay::cli
