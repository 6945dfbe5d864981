#pragma once

#include <chrono>
#include <cstddef>

#include "base/units.h"

namespace forebay::gateway::http {

/// Limits of a listener and its sessions (reliability checks 18-22).
struct HttpOptions {
  std::size_t header_bytes_max = 32_KiB;
  std::size_t header_fields_max = 100;
  std::size_t target_bytes_max = 8_KiB;
  std::size_t body_bytes_max = 16_MiB;
  /// HTTP/2, per connection. Streams of which more would be refused; requests that handlers work on; answers that wait
  /// for the far end's window before further requests wait too.
  std::uint32_t streams_max = 4096;
  std::size_t handlers_max = 128;
  std::size_t queued_answer_bytes_max = 16_MiB;
  std::size_t header_list_bytes_max = 16_KiB;
  std::size_t connections_max = 20'000;
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds header_timeout{15'000};
  /// For a whole body, or for the next kBodyProgressBytes of one that keeps coming: thin links may take their time.
  std::chrono::milliseconds body_timeout{60'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds write_timeout{120'000};
  /// How often deadlines are looked at: they are late by at most this.
  std::chrono::milliseconds sweep_interval{500};
  /// A body that waits for memory longer than this makes the loop give up its slowest one.
  std::chrono::milliseconds memory_patience{1'000};
};

/// Bytes a connection holds while nothing is going on.
inline constexpr std::size_t kIdleBufferBytes = 4096;
/// Unit in which request bodies are charged to the memory budget.
inline constexpr std::size_t kBodyChargeBytes = 64 * 1024;
/// So much of a body gives it another body_timeout: with the default, 1 KiB/s is enough.
inline constexpr std::size_t kBodyProgressBytes = 64 * 1024;
/// Room left behind a body, which lets parsers read it in whole vectors.
inline constexpr std::size_t kBodyPaddingBytes = 64;
/// Most bytes of a refused body that are read and thrown away so that the client gets to see the answer.
inline constexpr std::size_t kDiscardBytesMax = 64u << 20;

}  // namespace forebay::gateway::http
