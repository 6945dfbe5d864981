#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "gateway/auth/authenticator.h"
#include "wire/aws/sigv4.h"

namespace forebay::gateway::http {

/// One request as every session (HTTP/1.1 now, HTTP/2 by the same shape) hands it to a handler. Views point into the
/// session's buffers and hold until the handler's task is done.
struct Request {
  using Header = std::pair<std::string_view, std::string_view>;

  std::string_view method;
  std::string_view path;         ///< as on the request line, without query
  std::string_view query;        ///< without '?'
  std::vector<Header> headers;   ///< names in lower case, in order of arrival
  ByteView body;                 ///< empty until it has been read
  std::size_t body_padding = 0;  ///< bytes behind the body that may be read; what they hold does not matter
  std::optional<std::uint64_t> content_length;  ///< as declared
  bool chunked = false;
  std::string_view peer;  ///< address of the far end
  /// Set by the router: the claim it admitted, and who it proved to be.
  std::optional<auth::Admission> admission;
  auth::Identity identity;

  /// Value of the first header of that name; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
      if (name == lower_case_name) return value;
    return {};
  }
  [[nodiscard]] bool has_header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
      if (name == lower_case_name) return true;
    return false;
  }
  /// True when a body was announced; false means there is none.
  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  [[nodiscard]] wire::aws::SignedRequestView signed_view() const { return {method, path, query, headers}; }
};

}  // namespace forebay::gateway::http
