#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/date_header.h"
#include "gateway/http/request_ids.h"
#include "gateway/http/response.h"

namespace forebay::gateway::http {

/// The header list of an answer on HTTP/2: lower-case names, none of HTTP/1.1's connection headers.
class Http2ReplyHead {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
    bool varies = false;  ///< differs from answer to answer: not worth a place in the compression table
  };

  /// A header with a control character in name or value is left out. The fields point into this object and `response`.
  Http2ReplyHead(const Response& response, DateHeader& date, RequestIds& ids);
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

 private:
  void add_ids(const Response& response, RequestIds& ids);
  void add_own(std::string_view name, std::string_view value);

  std::string status_;
  std::string length_;
  std::string request_id_;
  std::string extended_id_;
  std::vector<std::string> lowered_;
  std::vector<Field> fields_;
};

}  // namespace forebay::gateway::http
