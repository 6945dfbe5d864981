#include "gateway/kinesis/page_token.h"

#include "wire/aws/date.h"

namespace forebay::gateway::kinesis {
using wire::aws::service_time;
using wire::kinesis::ErrorType;
using wire::kinesis::Fault;

std::string seal_page(const Call& call, TokenSealer::Kind listing, ByteView content) {
  return call.services.sealer.seal(listing, call.services.clock.wall_now(), call.services.entropy.next_u64(), content);
}

Fault invalid_next_token() { return Fault{ErrorType::invalid_argument, "Invalid NextToken."}; }

std::variant<Buffer, Fault> open_page(const Call& call, TokenSealer::Kind listing, std::string_view token) {
  auto opened = call.services.sealer.open(listing, token);
  if (!opened) return invalid_next_token();
  const WallTime now = call.services.clock.wall_now();
  if (now - opened->issued > kTokenLife)
    return Fault{ErrorType::expired_next_token, "NextToken expired. It was created at time " +
                                                    service_time(opened->issued) + " while right now it is " +
                                                    service_time(now) + "."};
  return std::move(opened->content);
}

}  // namespace forebay::gateway::kinesis
