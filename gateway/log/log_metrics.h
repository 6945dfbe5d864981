#pragma once

#include "base/metrics.h"

namespace forebay::gateway::log {

inline constexpr MetricRow kCommitsMetric{"forebay_log_commits_total", MetricType::counter, "",
                                          "journal commits made durable"};
inline constexpr MetricRow kCommitMicrosMetric{"forebay_log_commit_us", MetricType::histogram, "",
                                               "microseconds from the start of a commit to its fdatasync"};
inline constexpr MetricRow kRecordsMetric{"forebay_log_records_total", MetricType::counter, "", "records made durable"};
inline constexpr MetricRow kBytesMetric{"forebay_log_bytes_total", MetricType::counter, "",
                                        "bytes of batches made durable, as stored"};
inline constexpr MetricRow kLanesMetric{"forebay_log_lanes_total", MetricType::counter, "result",
                                        "uploaded lane batches by outcome"};
inline constexpr MetricRow kReroutedMetric{"forebay_log_rerouted_total", MetricType::counter, "",
                                           "batches sent back because the shard map had changed meanwhile"};
inline constexpr MetricRow kReshardsMetric{"forebay_log_reshards_total", MetricType::counter, "",
                                           "changes of shard maps made durable"};
inline constexpr MetricRow kTailBytesMetric{"forebay_log_tail_bytes", MetricType::gauge, "",
                                            "durable bytes in memory, not yet in segments"};
inline constexpr MetricRow kCheckpointsMetric{"forebay_log_checkpoints_total", MetricType::counter, "",
                                              "checkpoints completed"};
inline constexpr MetricRow kCheckpointMillisMetric{"forebay_log_checkpoint_ms", MetricType::histogram, "",
                                                   "milliseconds of one checkpoint"};
inline constexpr MetricRow kHolesMetric{"forebay_log_holes_total", MetricType::counter, "",
                                        "segments found missing or short, and journal ranges found corrupt"};
inline constexpr MetricRow kExpiredSegmentsMetric{"forebay_log_expired_segments_total", MetricType::counter, "",
                                                  "segments removed by retention"};
inline constexpr MetricRow kLockedStreamsMetric{
    "forebay_log_locked_streams", MetricType::gauge, "",
    "streams with records whose encryption key is missing here; the log names them (docs/ENCRYPTION.md)"};
inline constexpr MetricRow kSpaceLowMetric{"forebay_log_space_low", MetricType::gauge, "",
                                           "1 while puts are refused because the disk is nearly full"};

}  // namespace forebay::gateway::log
