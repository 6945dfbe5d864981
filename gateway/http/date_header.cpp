#include "gateway/http/date_header.h"

#include "wire/aws/date.h"

namespace forebay::gateway::http {

std::string_view DateHeader::now() {
  const WallTime time = clock_.wall_now();
  const std::int64_t second = to_millis(time) / 1000;
  if (second != second_) {
    second_ = second;
    text_ = wire::aws::to_http_date(time);
  }
  return text_;
}

}  // namespace forebay::gateway::http
