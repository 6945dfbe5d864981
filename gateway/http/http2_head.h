#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/http_options.h"
#include "gateway/http/request.h"

namespace forebay::gateway::http {

/// Collects the header list of an HTTP/2 request and makes a Request of it, as strict as HeadParser is: one valid
/// `:authority` or `host`, which must agree when both come, a valid path, limits of size and count.
/// Pseudo-headers, order and lower-case names have been checked by the library before.
class Http2Head {
 public:
  explicit Http2Head(const HttpOptions& options) : options_(options) {}

  void add(std::string_view name, std::string_view value);
  /// Result  0 with `request` filled (its views point into this object), otherwise the status to answer: 400, 414, 431.
  int finish(Request& request);
  /// Memory held, in bytes.
  [[nodiscard]] std::size_t size() const { return text_.size(); }

 private:
  struct Field {
    std::size_t name_size;
    std::size_t value_size;
  };
  int take(std::string_view name, std::string_view value, Request& request);
  int take_path(std::string_view value, Request& request) const;
  int take_host(std::string_view value);

  const HttpOptions& options_;
  std::string text_;  ///< names and values one behind the other
  std::vector<Field> fields_;
  std::size_t list_size_ = 0;  ///< as HTTP/2 counts: 32 bytes more for each field
  std::string_view host_;
};

}  // namespace forebay::gateway::http
