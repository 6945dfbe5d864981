#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "gateway/kinesis/action.h"

namespace forebay::gateway::kinesis {

/// NextToken of a listing: where its next page begins, sealed. `content` is the listing's own.
std::string seal_page(const Call& call, TokenSealer::Kind listing, ByteView content);

wire::kinesis::Fault invalid_next_token();
/// The content of a token this listing made.
/// Fault  InvalidArgumentException: not sealed here for this listing; ExpiredNextTokenException: older than 300 s.
std::variant<Buffer, wire::kinesis::Fault> open_page(const Call& call, TokenSealer::Kind listing,
                                                     std::string_view token);

}  // namespace forebay::gateway::kinesis
