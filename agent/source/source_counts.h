#pragma once

#include <cstdint>

#include "base/metrics.h"

namespace forebay::agent {

/// What one source counts since the start of the program. Zero where it has no such thing.
struct SourceCounts {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t missing_key_fields = 0;
  std::uint64_t truncated_lines = 0;
  std::uint64_t rotations = 0;
  std::uint64_t truncations = 0;
  std::uint64_t tails_recovered = 0;
  std::uint64_t lost_events = 0;
  std::uint64_t lost_bytes = 0;
  std::uint64_t left_out = 0;
  std::uint64_t repeated = 0;
};

/// One count as a metric, labelled with the source's name, and its name in `forebay-agent status`.
struct SourceCountRow {
  MetricRow metric;
  std::string_view name;
  std::uint64_t SourceCounts::*count;
};

inline constexpr SourceCountRow kSourceCountRows[] = {
    {{"forebay_agent_source_records_total", MetricType::counter, "source", "Records handed to the intake."},
     "records",
     &SourceCounts::records},
    {{"forebay_agent_source_bytes_total", MetricType::counter, "source", "Bytes of those records."},
     "bytes",
     &SourceCounts::bytes},
    {{"forebay_agent_source_missing_key_fields_total", MetricType::counter, "source",
      "Fields of the key template that a record lacked; the device stood in."},
     "missing_key_fields",
     &SourceCounts::missing_key_fields},
    {{"forebay_agent_source_truncated_lines_total", MetricType::counter, "source",
      "Lines over line_bytes_max that were cut and marked."},
     "truncated_lines",
     &SourceCounts::truncated_lines},
    {{"forebay_agent_source_rotations_total", MetricType::counter, "source",
      "Newer files that followed a file that was read."},
     "rotations",
     &SourceCounts::rotations},
    {{"forebay_agent_source_truncations_total", MetricType::counter, "source",
      "Files that were cut or overwritten in place, as by copytruncate."},
     "truncations",
     &SourceCounts::truncations},
    {{"forebay_agent_source_tails_recovered_total", MetricType::counter, "source",
      "Unread ends of cut files that were found in a rotated copy."},
     "tails_recovered",
     &SourceCounts::tails_recovered},
    {{"forebay_agent_source_lost_events_total", MetricType::counter, "source",
      "Files that were cut or removed with unread bytes that were found nowhere else."},
     "lost_events",
     &SourceCounts::lost_events},
    {{"forebay_agent_source_lost_bytes_total", MetricType::counter, "source",
      "Unread bytes known to be gone with them."},
     "lost_bytes",
     &SourceCounts::lost_bytes},
    {{"forebay_agent_source_left_out_total", MetricType::counter, "source",
      "Sensor samples not taken and MQTT messages over the limit."},
     "left_out",
     &SourceCounts::left_out},
    {{"forebay_agent_source_repeated_total", MetricType::counter, "source",
      "MQTT messages that the broker marked as sent before."},
     "repeated",
     &SourceCounts::repeated},
};

}  // namespace forebay::agent
