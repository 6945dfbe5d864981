#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/http_client.h"
#include "base/units.h"
#include "gateway/delivery/record_sink.h"

namespace forebay::gateway::delivery {

/// What a receiver asked for in Retry-After: seconds or a date. Empty: nothing that can be understood. At most an hour.
std::optional<Milliseconds> retry_after(const HttpResponse& response, WallTime now);

/// Nothing settled, because of this answer: status, the beginning of its text, Retry-After.
RecordSink::Outcome http_refusal(std::string_view url, const HttpResponse& response, WallTime now);
/// Nothing settled, because there was no answer.
RecordSink::Outcome http_failure(Error error);

/// Scheme, host and path of a URL: user, query and fragment may hold secrets.
std::string shown_url(std::string_view url);

}  // namespace forebay::gateway::delivery
