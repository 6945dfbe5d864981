#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace forebay::gateway::delivery {

/// What a function says with ReportBatchItemFailures. Empty text, null, {}, and an absent, null or empty list of
/// failures mean that all is done.
/// Success  how many records from the front are done: the place of the lowest number reported, or all.
/// Errors   corrupt: the whole batch counts as failed, because the answer is malformed or names no record of the batch.
Result<std::size_t> parse_item_failures(std::string_view answer, std::span<const std::string> sequence_numbers);

}  // namespace forebay::gateway::delivery
