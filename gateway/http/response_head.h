#pragma once

#include <string>

#include "gateway/http/date_header.h"
#include "gateway/http/request_ids.h"
#include "gateway/http/response.h"

namespace forebay::gateway::http {

/// Appends status line and headers of an answer, with the empty line.
/// A header with a control character in name or value is left out, so that no answer can be split.
void append_response_head(std::string& out, const Response& response, bool keep_alive, DateHeader& date,
                          RequestIds& ids);

}  // namespace forebay::gateway::http
