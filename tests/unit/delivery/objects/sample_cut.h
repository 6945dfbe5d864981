#pragma once

#include "gateway/delivery/record.h"

namespace forebay::test {

/// Shard 3 of stream "lines" (number 7), offsets 100 to 199; first arrival 2026-01-02T03:04:05.678Z.
inline gateway::delivery::Cut sample_cut() {
  using namespace gateway::delivery;
  namespace stream = gateway::stream;
  Cut cut;
  cut.source = {"000000000000",
                "us-east-1",
                "logs-to-lake",
                "lines",
                stream::StreamId(7),
                stream::ShardNumber(3),
                from_millis(1'767'322'800'000),
                1};
  cut.index = 42;
  cut.version = 2;
  cut.first = stream::Offset(100);
  cut.last = stream::Offset(199);
  cut.oldest = from_millis(1'767'323'045'678);
  return cut;
}

}  // namespace forebay::test
