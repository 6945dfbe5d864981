#pragma once

#include "base/metrics.h"

namespace forebay::agent::metrics {

/// Rows of every metric of forebay-agent; shown by `forebay-agent status --json`.
inline constexpr MetricRow kAppendedRecords{"forebay_agent_appended_records_total", MetricType::counter, "",
                                            "Records made durable in the spool."};
inline constexpr MetricRow kAppendedBytes{"forebay_agent_appended_bytes_total", MetricType::counter, "",
                                          "Encoded bytes of those records."};
inline constexpr MetricRow kRequests{"forebay_agent_requests_total", MetricType::counter, "",
                                     "Upload requests that brought an answer of the protocol."};
inline constexpr MetricRow kRequestFailures{"forebay_agent_request_failures_total", MetricType::counter, "",
                                            "Upload requests without such an answer."};
inline constexpr MetricRow kRequestBytes{"forebay_agent_request_bytes_total", MetricType::counter, "",
                                         "Bytes of upload request bodies sent."};
inline constexpr MetricRow kAcknowledgedRecords{"forebay_agent_acknowledged_records_total", MetricType::counter, "",
                                                "Records the gateway has acknowledged."};
inline constexpr MetricRow kUnverifiedBatches{"forebay_agent_unverified_batches_total", MetricType::counter, "",
                                              "Batches the gateway had already and could not compare any more."};
inline constexpr MetricRow kResealedRecords{"forebay_agent_resealed_records_total", MetricType::counter, "",
                                            "Records appended anew after a copy of this machine used their numbers."};
inline constexpr MetricRow kDeclaredGaps{"forebay_agent_declared_gaps_total", MetricType::counter, "",
                                         "Losses declared by the uploader."};

}  // namespace forebay::agent::metrics
