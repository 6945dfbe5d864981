#pragma once

#include <string>

#include "gateway/http/date_header.h"
#include "gateway/http/request_ids.h"
#include "gateway/http/response.h"

namespace forebay::gateway::http {

/// How far end and session know where a body ends: by its declared size, by chunks, or by the end of the connection
/// (streams to HTTP/1.0 clients).
enum class BodyFraming { sized, chunked, until_close };

/// True when the text may stand in a header: no control characters but tab.
bool is_clean_header(std::string_view text);

/// Appends status line and headers of an answer, with the empty line.
/// A header with a control character in name or value is left out, so that no answer can be split.
void append_response_head(std::string& out, const Response& response, bool keep_alive, BodyFraming framing,
                          DateHeader& date, RequestIds& ids);

/// Appends the line that begins a chunk of that many bytes.
void append_chunk_size(std::string& out, std::size_t size);

}  // namespace forebay::gateway::http
