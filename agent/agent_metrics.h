#pragma once

#include "base/metrics.h"

namespace forebay::agent::metrics {

/// Rows of every metric of forebay-agent; shown by `forebay-agent status --json`.
inline constexpr MetricRow kAppendedRecords{"forebay_agent_appended_records_total", MetricType::counter, "",
                                            "Records made durable in the spool."};
inline constexpr MetricRow kAppendedBytes{"forebay_agent_appended_bytes_total", MetricType::counter, "",
                                          "Encoded bytes of those records."};
inline constexpr MetricRow kDroppedRecords{"forebay_agent_dropped_records_total", MetricType::counter, "",
                                           "Records dropped or found damaged in the spool; declared in their stream."};
inline constexpr MetricRow kScrubbedBytes{"forebay_agent_scrubbed_bytes_total", MetricType::counter, "",
                                          "Bytes of the spool read back from the disk and checked."};
inline constexpr MetricRow kScrubPasses{"forebay_agent_scrub_passes_total", MetricType::counter, "",
                                        "Finished passes over all sealed files of the spool."};
inline constexpr MetricRow kDamagedPlaces{"forebay_agent_damaged_places", MetricType::gauge, "",
                                          "Damaged places in the spool that the newest scrub pass found."};
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
inline constexpr MetricRow kClosedLineages{"forebay_agent_closes_total", MetricType::counter, "",
                                           "Times the gateway was told to forget lineages that are done with."};
inline constexpr MetricRow kDeclaredGaps{"forebay_agent_declared_gaps_total", MetricType::counter, "",
                                         "Losses declared by the uploader."};

/// All of them, for docs/METRICS.md; what sources count stands in source/source_counts.h.
inline constexpr const MetricRow* kRows[] = {
    &kAppendedRecords,
    &kAppendedBytes,
    &kDroppedRecords,
    &kScrubbedBytes,
    &kScrubPasses,
    &kDamagedPlaces,
    &kRequests,
    &kRequestFailures,
    &kRequestBytes,
    &kAcknowledgedRecords,
    &kUnverifiedBatches,
    &kResealedRecords,
    &kClosedLineages,
    &kDeclaredGaps};

}  // namespace forebay::agent::metrics
